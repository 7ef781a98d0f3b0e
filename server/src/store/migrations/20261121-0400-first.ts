import { type Kysely, sql } from 'kysely'

/**
 * The first migration: everything that step by step is added to.
 * `firm_id` stands first in every key of a firm's table, so that the tables can be spread over machines by firm and a
 * foreign key can never point at another firm's row. Row-level security is forced for all of them at the end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // ── directory: only what must be found before a firm is known; no row-level security ─────────────────────────────
  'create schema directory',
  'create schema sandbox',
  `create table directory.firm (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$'),
    name text not null,
    created_at timestamptz not null
  )`,
  `create table directory.membership (
    user_id uuid not null,
    firm_id uuid not null references directory.firm (id),
    member_id uuid not null,
    primary key (user_id, firm_id)
  )`,
  `create table directory.api_key (
    key_hash text primary key,
    firm_id uuid not null references directory.firm (id),
    key_id uuid not null
  )`,
  `create table directory.invitation (
    token_hash text primary key,
    firm_id uuid not null references directory.firm (id),
    invitation_id uuid not null,
    expires_at timestamptz not null
  )`,
  `create table directory.sign_in_state (
    state_hash text primary key,
    firm_id uuid not null references directory.firm (id),
    connection_id uuid not null,
    user_id uuid not null,
    expires_at timestamptz not null
  )`,
  // A lane is one administration at one package; firms that post to the same administration share it.
  // The lease alone uses the database's clock; `fence` is checked in every remember.
  `create table directory.lane (
    key text primary key,
    package text not null,
    lease_owner text,
    lease_until timestamptz,
    fence bigint not null default 0,
    paused jsonb not null default '{}'
  )`,
  `create table directory.lane_due (
    lane_key text not null references directory.lane (key),
    firm_id uuid not null references directory.firm (id),
    connection_id uuid not null,
    due_at timestamptz,
    rest jsonb not null default '{}',
    primary key (lane_key, firm_id, connection_id)
  )`,
  'create index lane_due_at on directory.lane_due (due_at) where due_at is not null',
  `create table directory.budget (
    scope text not null,
    span text not null,
    used integer not null,
    most integer not null,
    resets_at timestamptz not null,
    primary key (scope, span)
  )`,
  `create table directory.idempotency (
    owner text not null,
    key text not null,
    route text not null,
    body_hash text not null,
    status integer,
    answer jsonb,
    created_at timestamptz not null,
    primary key (owner, key)
  )`,
  `create table directory.program (
    name text primary key,
    value jsonb not null
  )`,

  // ── sandbox: the books of the simulators, one world per firm and package ─────────────────────────────────────────
  `create table sandbox.world (
    id text primary key,
    firm_id uuid not null,
    package text not null,
    version bigint not null default 0,
    state jsonb not null,
    created_at timestamptz not null,
    unique (firm_id, package)
  )`,
  `create table sandbox.row (
    world_id text not null references sandbox.world (id) on delete cascade,
    table_name text not null,
    key text not null,
    data jsonb not null,
    primary key (world_id, table_name, key)
  )`,

  // ── the firm and its people ──────────────────────────────────────────────────────────────────────────────────────
  `create table firm (
    firm_id uuid primary key references directory.firm (id),
    name text not null,
    address jsonb not null default '{}',
    country text not null check (country ~ '^[A-Z]{2}$'),
    vat_id text,
    kvk text,
    iban text,
    bic text,
    email text,
    phone text,
    website text,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    time_zone text not null,
    language text not null check (language in ('nl', 'en')),
    approval text not null default 'off' check (approval in ('off', 'internal', 'external', 'internal-external', 'external-internal')),
    default_vat_class text not null default 'standard',
    default_payment_days integer not null default 30 check (default_payment_days between 0 and 365),
    default_payment_end_of_month boolean not null default false,
    locked_until date,
    sample boolean not null default false,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create table member (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    user_id uuid,
    name text not null,
    email text not null,
    language text check (language in ('nl', 'en')),
    roles text[] not null default '{}',
    number text,
    archived_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    unique (firm_id, user_id)
  )`,
  'create unique index member_email on member (firm_id, lower(email))',
  `create table contract_hours (
    firm_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    from_date date not null,
    minutes_per_day integer[] not null check (array_length(minutes_per_day, 1) = 7),
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    unique (firm_id, member_id, from_date)
  )`,
  `create table invitation (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    email text not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    created_by uuid not null,
    created_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  `create table api_key (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    prefix text not null,
    scopes text[] not null,
    member_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_on date,
    version integer not null default 1,
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,

  // ── master data ──────────────────────────────────────────────────────────────────────────────────────────────────
  `create table customer (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    number text,
    name text not null,
    visit_address jsonb not null default '{}',
    invoice_address jsonb,
    country text not null check (country ~ '^[A-Z]{2}$'),
    phone text,
    email text,
    invoice_email text,
    website text,
    vat_id text,
    kvk text,
    iban text,
    payment_days integer check (payment_days between 0 and 365),
    payment_end_of_month boolean,
    vat_case text not null,
    vat_case_confirmed boolean not null default true,
    language text not null check (language in ('nl', 'en')),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    peppol_id text,
    bill_to_id uuid,
    note text,
    archived_at timestamptz,
    deleted_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, bill_to_id) references customer (firm_id, id)
  )`,
  'create unique index customer_number on customer (firm_id, number) where number is not null and deleted_at is null',
  `create table activity (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    code text,
    billable boolean not null default true,
    vat_class text not null default 'standard' check (vat_class in ('standard', 'intermediate', 'reduced', 'zero', 'exempt')),
    archived_at timestamptz,
    deleted_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id)
  )`,
  `create table project (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    customer_id uuid,
    code text,
    name text not null,
    invoicing_method text not null,
    invoice_reference text,
    order_number text,
    cost_centre text,
    cost_unit text,
    billing_rounding jsonb,
    budget_minutes integer,
    budget_amount numeric(18, 2),
    budget_warning_percent integer,
    starts_on date,
    ends_on date,
    archived_at timestamptz,
    deleted_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id)
  )`,
  'create unique index project_code on project (firm_id, code) where code is not null and deleted_at is null',
  'create index project_customer on project (firm_id, customer_id)',
  `create table project_activity (
    firm_id uuid not null,
    project_id uuid not null,
    activity_id uuid not null,
    primary key (firm_id, project_id, activity_id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id)
  )`,
  `create table project_member (
    firm_id uuid not null,
    project_id uuid not null,
    member_id uuid not null,
    manager boolean not null default false,
    primary key (firm_id, project_id, member_id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  // Every rate, per hour or per kilometre, has a day from which it holds; a new rate is a new row and never rewrites the past.
  `create table rate (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    scope text not null check (scope in ('activity', 'user', 'project', 'customer', 'project-activity', 'project-user')),
    activity_id uuid,
    project_id uuid,
    customer_id uuid,
    member_id uuid,
    unit text not null default 'hour' check (unit in ('hour', 'km')),
    amount numeric(18, 4) not null check (amount >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    from_date date not null,
    deleted_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  `create unique index rate_from on rate (firm_id, unit, scope, activity_id, project_id, customer_id, member_id, from_date)
    nulls not distinct where deleted_at is null`,

  // ── hours ────────────────────────────────────────────────────────────────────────────────────────────────────────
  `create table hour_entry (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    date date not null,
    minutes integer not null check (minutes between 1 and 1440),
    start_minute integer check (start_minute between 0 and 1439),
    end_minute integer check (end_minute between 1 and 2880),
    break_minutes integer not null default 0 check (break_minutes >= 0),
    project_id uuid not null,
    activity_id uuid not null,
    note text not null default '',
    tags text[] not null default '{}',
    billable boolean not null,
    approval text not null default 'open' check (approval in ('open', 'submitted', 'approved', 'rejected')),
    rejected_reason text,
    written_off_at timestamptz,
    written_off_reason text,
    deleted_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id)
  )`,
  'create index hour_entry_date on hour_entry (firm_id, date, id) where deleted_at is null',
  'create index hour_entry_member on hour_entry (firm_id, member_id, date) where deleted_at is null',
  'create index hour_entry_project on hour_entry (firm_id, project_id, date) where deleted_at is null',

  // ── invoices ─────────────────────────────────────────────────────────────────────────────────────────────────────
  `create table series (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    pattern text not null,
    first_number integer not null default 1 check (first_number >= 1),
    is_default boolean not null default false,
    archived_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id)
  )`,
  'create unique index series_default on series (firm_id) where is_default and archived_at is null',
  // Locked with "for update" at sending: consecutive numbers without a gap.
  `create table series_counter (
    firm_id uuid not null,
    series_id uuid not null,
    scope text not null,
    last_number integer not null,
    last_date date,
    primary key (firm_id, series_id, scope),
    foreign key (firm_id, series_id) references series (firm_id, id)
  )`,
  `create table invoice (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    kind text not null default 'invoice' check (kind in ('invoice', 'credit')),
    state text not null default 'draft' check (state in ('draft', 'sent', 'credited')),
    customer_id uuid not null,
    series_id uuid not null,
    number text,
    date date not null,
    due_date date not null,
    due_date_fixed boolean not null default false,
    period_from date,
    period_until date,
    language text not null check (language in ('nl', 'en')),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    rate_to_firm numeric(18, 8),
    rate_source text,
    rate_date date,
    reference text,
    order_number text,
    introduction text not null default '',
    closing text not null default '',
    grouped_by text,
    customer_snapshot jsonb,
    firm_snapshot jsonb,
    net numeric(18, 2) not null default 0,
    vat numeric(18, 2) not null default 0,
    gross numeric(18, 2) not null default 0,
    vat_per_rate jsonb not null default '[]',
    credits_id uuid,
    sent_at timestamptz,
    sent_by uuid,
    sent_how text,
    already_in_books boolean not null default false,
    deleted_at timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id),
    foreign key (firm_id, series_id) references series (firm_id, id),
    foreign key (firm_id, credits_id) references invoice (firm_id, id),
    check ((state = 'draft') = (number is null)),
    check (deleted_at is null or state = 'draft')
  )`,
  'create unique index invoice_number on invoice (firm_id, number) where number is not null',
  'create index invoice_date on invoice (firm_id, date, id) where deleted_at is null',
  'create index invoice_customer on invoice (firm_id, customer_id) where deleted_at is null',
  `create table invoice_line (
    firm_id uuid not null,
    id uuid not null,
    invoice_id uuid not null,
    position integer not null,
    kind text not null,
    description text not null,
    quantity numeric(18, 4) not null,
    unit text not null,
    unit_price numeric(18, 4) not null,
    discount_percent numeric(7, 4),
    net numeric(18, 2) not null,
    vat numeric(18, 2) not null default 0,
    vat_treatment text not null,
    vat_treatment_chosen boolean not null default false,
    vat_rate numeric(7, 4) not null,
    activity_id uuid,
    activity_ids uuid[] not null default '{}',
    project_id uuid,
    member_id uuid,
    period_from date,
    period_until date,
    real_minutes integer,
    primary key (firm_id, id),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    unique (firm_id, invoice_id, position) deferrable initially deferred
  )`,
  // The claim of an entry by one live document, unique in the database.
  `create table claim (
    firm_id uuid not null,
    id uuid not null,
    entry_kind text not null check (entry_kind in ('hours', 'expense', 'trip', 'instalment', 'subscription')),
    entry_id uuid not null,
    invoice_id uuid,
    line_id uuid,
    posting_id uuid,
    claimed_at timestamptz not null,
    released_at timestamptz,
    primary key (firm_id, id),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id),
    check (invoice_id is not null or posting_id is not null)
  )`,
  'create unique index claim_live on claim (firm_id, entry_kind, entry_id) where released_at is null',
  'create index claim_invoice on claim (firm_id, invoice_id) where released_at is null',
  // What was sent, byte for byte; each hash takes in the one before it.
  `create table sent_document (
    firm_id uuid not null,
    id uuid not null,
    invoice_id uuid not null,
    media_type text not null,
    bytes bytea not null,
    sha256 text not null,
    position integer not null,
    previous_hash text not null,
    chain_hash text not null,
    sent_at timestamptz not null,
    primary key (firm_id, id),
    unique (firm_id, position),
    unique (firm_id, invoice_id),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id)
  )`,
  // A sent invoice never changes, whoever asks. Later facts (credited, paid) stand in columns of their own.
  `create function refuse_change_of_sent_invoice() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      if old.state <> 'draft' then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
      return old;
    end if;
    if old.state <> 'draft' and (
      (new.state = 'draft') or
      (to_jsonb(new) - '{state,version,updated_at,already_in_books}'::text[]) is distinct from (to_jsonb(old) - '{state,version,updated_at,already_in_books}'::text[])
    ) then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
    return new;
  end $$`,
  'create trigger sent_invoice_never_changes before update or delete on invoice for each row execute function refuse_change_of_sent_invoice()',
  // Waits for whoever is sending the invoice: a line that was on its way must not arrive after that.
  `create function refuse_change_of_sent_line() returns trigger language plpgsql as $$
  declare found_state text;
  begin
    if tg_op <> 'INSERT' then
      select state into found_state from invoice where firm_id = old.firm_id and id = old.invoice_id for share;
      if found_state <> 'draft' then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if tg_op = 'INSERT' or new.invoice_id <> old.invoice_id then
      select state into found_state from invoice where firm_id = new.firm_id and id = new.invoice_id for share;
      if found_state <> 'draft' then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
    end if;
    return new;
  end $$`,
  'create trigger sent_line_never_changes before insert or update or delete on invoice_line for each row execute function refuse_change_of_sent_line()',

  // ── accounting packages ──────────────────────────────────────────────────────────────────────────────────────────
  `create table app_registration (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    package text not null,
    country text not null,
    client_id text not null,
    client_secret_sealed text not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    unique (firm_id, package, country)
  )`,
  // Access to a package, apart from the connection: one consent may serve several administrations.
  `create table access_grant (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    package text not null,
    mode text not null check (mode in ('sandbox', 'live')),
    country text not null,
    tokens_sealed text,
    issued_at timestamptz,
    expires_at timestamptz,
    used_at timestamptz,
    signed_in_as text,
    withdrawn_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id)
  )`,
  `create table connection (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    package text not null,
    purpose text not null check (purpose in ('sales', 'payroll')),
    mode text not null check (mode in ('sandbox', 'live')),
    country text not null,
    state text not null check (state in ('signing-in', 'choosing', 'connected', 'reconnect', 'disconnected')),
    problem jsonb,
    administration text,
    administration_name text,
    lane_key text,
    settings jsonb not null default '{}',
    cut_off date,
    grant_id uuid,
    health jsonb,
    health_at timestamptz,
    connected_by uuid,
    connected_at timestamptz,
    disconnected_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, grant_id) references access_grant (firm_id, id)
  )`,
  `create unique index connection_sales on connection (firm_id) where purpose = 'sales' and state <> 'disconnected'`,
  // The package's lists as last read: items, ledger accounts, VAT codes, journals, payment terms, customers.
  `create table package_row (
    firm_id uuid not null,
    connection_id uuid not null,
    noun text not null,
    their_id text not null,
    code text not null,
    name text not null,
    data jsonb not null,
    gone_at timestamptz,
    read_at timestamptz not null,
    primary key (firm_id, connection_id, noun, their_id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  'create index package_row_code on package_row (firm_id, connection_id, noun, code)',
  `create table package_mark (
    firm_id uuid not null,
    connection_id uuid not null,
    noun text not null,
    mark text,
    read_at timestamptz,
    primary key (firm_id, connection_id, noun),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  `create table link (
    firm_id uuid not null,
    connection_id uuid not null,
    noun text not null,
    our_id uuid not null,
    their_id text not null,
    their_code text,
    created_at timestamptz not null,
    primary key (firm_id, connection_id, noun, our_id),
    unique (firm_id, connection_id, noun, their_id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  `create table item_mapping (
    firm_id uuid not null,
    connection_id uuid not null,
    subject text not null,
    subject_id uuid not null,
    item text not null,
    primary key (firm_id, connection_id, subject, subject_id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  `create table posting_rule (
    firm_id uuid not null,
    id uuid not null,
    connection_id uuid not null,
    item text not null,
    vat_treatment text not null,
    ledger_account text not null,
    vat_code text not null,
    vat_account text,
    cost_centre text,
    cost_unit text,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    unique (firm_id, connection_id, item, vat_treatment),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  `create table number_reservation (
    firm_id uuid not null,
    connection_id uuid not null,
    scope text not null,
    number integer not null,
    posting_id uuid not null,
    reserved_at timestamptz not null,
    primary key (firm_id, connection_id, scope, number),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  'create index number_reservation_posting on number_reservation (firm_id, posting_id)',

  // ── postings: the outbox. Decided in one transaction, frozen before sending, remembered before going on ──────────
  `create table posting (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    lane_key text not null,
    sequence bigint generated always as identity,
    kind text not null check (kind in ('customer', 'salesInvoice', 'salesEntry', 'generalJournal', 'attachment')),
    reference text not null check (reference ~ '^[A-Z0-9]{1,12}$'),
    subject_kind text not null,
    subject_id uuid not null,
    label text not null,
    customer_id uuid,
    state text not null default 'waiting' check (state in
      ('waiting', 'sending', 'checking', 'accepted', 'posted', 'refused', 'blocked', 'needs-person', 'discarded')),
    due_at timestamptz,
    after_id uuid,
    held_by uuid,
    in_order text,
    attempt_id uuid,
    choices jsonb not null default '{}',
    number_reserved integer,
    problem jsonb,
    ticket jsonb,
    receipt jsonb,
    their_id text,
    their_number text,
    url text,
    currency text,
    gross numeric(18, 2),
    their_gross numeric(18, 2),
    differs boolean not null default false,
    adopted boolean not null default false,
    tries integer not null default 0,
    looks integer not null default 0,
    sent_after timestamptz,
    doubt_at timestamptz,
    found jsonb,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    settled_at timestamptz,
    version integer not null default 1,
    primary key (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id),
    foreign key (firm_id, after_id) references posting (firm_id, id)
  )`,
  'create unique index posting_reference on posting (firm_id, reference)',
  // One live posting per document: two people who post the same invoice at once make one.
  `create unique index posting_live on posting (firm_id, connection_id, kind, subject_id) where state <> 'discarded'`,
  `create index posting_due on posting (firm_id, lane_key, due_at, sequence) where due_at is not null`,
  'create index posting_after on posting (firm_id, after_id) where after_id is not null',
  `create index posting_in_doubt on posting (firm_id, connection_id, kind) where state in ('sending', 'checking')`,
  'create index posting_listed on posting (firm_id, sequence desc)',
  'create index posting_subject on posting (firm_id, subject_id, kind)',
  `create table attempt (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    lane_key text not null,
    kind text not null,
    number integer not null,
    fence bigint not null,
    idempotency_key text not null,
    method text not null,
    path text not null,
    endpoint text not null,
    headers jsonb not null default '{}',
    body text not null,
    body_hash text not null,
    created_at timestamptz not null,
    last_sent_at timestamptz not null,
    answered_at timestamptz,
    repeats integer not null default 0,
    primary key (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  'create index attempt_unanswered on attempt (firm_id, connection_id) where answered_at is null',
  `create table attempt_posting (
    firm_id uuid not null,
    attempt_id uuid not null,
    posting_id uuid not null,
    position integer not null,
    draft text not null,
    primary key (firm_id, attempt_id, posting_id),
    foreign key (firm_id, attempt_id) references attempt (firm_id, id),
    foreign key (firm_id, posting_id) references posting (firm_id, id)
  )`,
  'create index attempt_posting_posting on attempt_posting (firm_id, posting_id)',
  `create table posting_step (
    firm_id uuid not null,
    id uuid not null,
    posting_id uuid not null,
    attempt_id uuid,
    at timestamptz not null,
    what text not null,
    details jsonb not null default '{}',
    primary key (firm_id, id),
    foreign key (firm_id, posting_id) references posting (firm_id, id)
  )`,
  'create index posting_step_posting on posting_step (firm_id, posting_id, id)',

  // ── tasks: long work with a result per row ───────────────────────────────────────────────────────────────────────
  `create table task (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    kind text not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
    params jsonb not null default '{}',
    total integer,
    done integer not null default 0,
    now text,
    report jsonb,
    problem jsonb,
    lease_until timestamptz,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    finished_at timestamptz,
    primary key (firm_id, id)
  )`,
  `create table task_row (
    firm_id uuid not null,
    task_id uuid not null,
    position integer not null,
    subject text not null,
    label text not null,
    outcome text not null,
    details jsonb not null default '{}',
    primary key (firm_id, task_id, position),
    foreign key (firm_id, task_id) references task (firm_id, id)
  )`,

  // ── who did what, when and why: the program may add and read, nothing else ───────────────────────────────────────
  `create table history (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    subject_kind text not null,
    subject_id uuid not null,
    act text not null,
    before jsonb,
    after jsonb,
    why text,
    actor_id uuid,
    actor_name text not null,
    request_id text,
    at timestamptz not null,
    primary key (firm_id, id)
  )`,
  'create index history_subject on history (firm_id, subject_kind, subject_id, id)',
  `create table idempotency (
    firm_id uuid not null references firm (firm_id),
    actor text not null,
    key text not null,
    route text not null,
    body_hash text not null,
    status integer,
    answer jsonb,
    created_at timestamptz not null,
    primary key (firm_id, actor, key)
  )`,

  // ── the fence: every table with a firm_id in the schema public ───────────────────────────────────────────────────
  `do $$
  declare found record;
  begin
    for found in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
      where n.nspname = 'public' and c.relkind = 'r'
    loop
      execute format('alter table public.%I enable row level security', found.relname);
      execute format('alter table public.%I force row level security', found.relname);
      execute format('create policy firm_fence on public.%I using (firm_id = nullif(current_setting(''app.firm'', true), '''')::uuid) with check (firm_id = nullif(current_setting(''app.firm'', true), '''')::uuid)', found.relname);
    end loop;
  end $$`,
]
