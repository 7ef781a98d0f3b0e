import { type Kysely, sql } from 'kysely'

/**
 * Everything people register besides hours, how it is approved, and what becomes due on its own day.
 * Hours, expenses and trips carry the same facts: approval with the approvals given so far, write-off, and `claimed`,
 * which a trigger keeps equal to "has a live claim", so that what is uninvoiced is found by an index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const stamps = `version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null`

/** Facts that every kind of entry has. */
const entryFacts = `approval text not null default 'open' check (approval in ('open', 'submitted', 'approved', 'rejected')),
    internal_approved boolean not null default false,
    customer_approved boolean not null default false,
    submitted_at timestamptz,
    rejected_reason text,
    written_off_at timestamptz,
    written_off_reason text,
    claimed boolean not null default false,
    deleted_at timestamptz`

const claimables = {
  hours: 'hour_entry',
  expense: 'expense',
  trip: 'trip',
  instalment: 'instalment',
  subscription: 'subscription_period',
}
const toldTables = (rows: string, claimed: boolean) =>
  Object.entries(claimables)
    .map(
      ([kind, table]) => `
    if exists (select from ${rows} r where r.entry_kind = '${kind}') then
      update ${table} t set claimed = ${claimed} from ${rows} r
        where r.entry_kind = '${kind}' and t.firm_id = r.firm_id and t.id = r.entry_id${
          claimed ? '' : ' and r.released_at is not null'
        };
    end if;`,
    )
    .join('')

const statements = [
  // ── the firm and its people ──────────────────────────────────────────────────────────────────────────────────────
  `alter table firm
    add approve_own boolean not null default false,
    add holiday_country text check (holiday_country ~ '^[A-Z]{2}$'),
    add holiday_region text`,
  `alter table member
    add starts_on date,
    add ends_on date,
    add check (starts_on is null or ends_on is null or starts_on <= ends_on)`,
  `create table team (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    archived_at timestamptz,
    ${stamps},
    primary key (firm_id, id)
  )`,
  'create unique index team_name on team (firm_id, lower(name)) where archived_at is null',
  `create table team_member (
    firm_id uuid not null,
    team_id uuid not null,
    member_id uuid not null,
    primary key (firm_id, team_id, member_id),
    foreign key (firm_id, team_id) references team (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  'create index team_member_member on team_member (firm_id, member_id)',
  `create table tag (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    archived_at timestamptz,
    ${stamps},
    primary key (firm_id, id)
  )`,
  'create unique index tag_name on tag (firm_id, lower(name)) where archived_at is null',
  `create table favourite (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    position integer not null,
    project_id uuid not null,
    activity_id uuid not null,
    created_at timestamptz not null,
    primary key (firm_id, id),
    unique (firm_id, member_id, project_id, activity_id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id)
  )`,
  // How a list was left: filters, groups, columns; one's own or for everybody.
  `create table saved_view (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    screen text not null,
    name text not null,
    shared boolean not null default false,
    settings jsonb not null,
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  'create index saved_view_screen on saved_view (firm_id, screen, member_id) where deleted_at is null',

  // ── customers and projects ───────────────────────────────────────────────────────────────────────────────────────
  'alter table customer add billing_rounding jsonb',
  `create table contact (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    customer_id uuid not null,
    name text not null,
    email text,
    phone text,
    role text,
    language text check (language in ('nl', 'en')),
    receives_invoices boolean not null default false,
    approves_entries boolean not null default false,
    archived_at timestamptz,
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id)
  )`,
  'create index contact_customer on contact (firm_id, customer_id) where deleted_at is null',
  // Distances that people drive again and again.
  `create table distance (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    customer_id uuid not null,
    from_place text not null,
    to_place text not null,
    distance_km numeric(6, 1) not null check (distance_km > 0),
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id)
  )`,
  'create index distance_customer on distance (firm_id, customer_id) where deleted_at is null',
  `alter table project
    add price numeric(18, 2) check (price >= 0),
    add customer_approves boolean not null default true`,
  'alter table project_activity add price numeric(18, 2) check (price >= 0)',
  `alter table rate
    add purpose text not null default 'billing' check (purpose in ('billing', 'reimbursement')),
    drop constraint rate_scope_check,
    add constraint rate_scope_check check (scope in ('activity', 'user', 'project', 'customer', 'project-activity', 'project-user', 'firm'))`,
  'drop index rate_from',
  `create unique index rate_from on rate (firm_id, unit, purpose, scope, activity_id, project_id, customer_id, member_id, from_date)
    nulls not distinct where deleted_at is null`,

  // ── hours ────────────────────────────────────────────────────────────────────────────────────────────────────────
  `alter table hour_entry
    add internal_approved boolean not null default false,
    add customer_approved boolean not null default false,
    add submitted_at timestamptz,
    add claimed boolean not null default false,
    add overlap_accepted boolean not null default false`,
  // The owner migrates and sees no firm's rows while the fence is forced.
  'alter table hour_entry no force row level security',
  'alter table claim no force row level security',
  `update hour_entry h set claimed = true where exists
    (select from claim c where c.firm_id = h.firm_id and c.entry_kind = 'hours' and c.entry_id = h.id and c.released_at is null)`,
  'alter table hour_entry force row level security',
  'alter table claim force row level security',
  `create index hour_entry_uninvoiced on hour_entry (firm_id, project_id, date) include (id, member_id, activity_id, minutes, approval)
    where deleted_at is null and billable and not claimed and written_off_at is null`,
  `create index hour_entry_approval on hour_entry (firm_id, approval, date) where deleted_at is null and approval in ('submitted', 'rejected')`,
  // "My week is complete", an empty one too.
  `create table week_submission (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    monday date not null check (extract(isodow from monday) = 1),
    submitted_at timestamptz not null,
    submitted_by uuid not null,
    withdrawn_at timestamptz,
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  'create unique index week_submission_live on week_submission (firm_id, member_id, monday) where withdrawn_at is null',
  // One runs per person; kept as an instant with the zone it was started in.
  `create table timer (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    project_id uuid,
    activity_id uuid,
    note text not null default '',
    tags text[] not null default '{}',
    billable boolean,
    zone text not null,
    started_at timestamptz not null,
    stopped_at timestamptz,
    discarded_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id)
  )`,
  'create unique index timer_running on timer (firm_id, member_id) where stopped_at is null and discarded_at is null',
  `create table absence_kind (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    code text check (code in ('leave', 'sickness', 'unpaid-leave')),
    counts text not null default 'as-worked' check (counts in ('as-worked', 'less-contract')),
    archived_at timestamptz,
    ${stamps},
    primary key (firm_id, id)
  )`,
  'create unique index absence_kind_code on absence_kind (firm_id, code) where code is not null',
  `insert into absence_kind (firm_id, id, name, code, counts, created_at, updated_at)
    select f.id, gen_random_uuid(), k.name, k.code, k.counts, now(), now() from directory.firm f
    cross join (values ('leave', 'Verlof', 'as-worked'), ('sickness', 'Ziekte', 'as-worked'), ('unpaid-leave', 'Onbetaald verlof', 'less-contract'))
      as k (code, name, counts)`,
  `create table absence (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    kind_id uuid not null,
    date date not null,
    minutes integer not null check (minutes between 1 and 1440),
    note text not null default '',
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, kind_id) references absence_kind (firm_id, id)
  )`,
  'create index absence_member on absence (firm_id, member_id, date) where deleted_at is null',
  // A public holiday of the country on which this firm works after all, or a day that the library does not call public.
  `create table holiday_choice (
    firm_id uuid not null references firm (firm_id),
    rule text not null,
    free boolean not null,
    primary key (firm_id, rule)
  )`,

  // ── files: the bytes stand beside the database, by their hash ────────────────────────────────────────────────────
  `create table file (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    media_type text not null,
    size_bytes integer not null check (size_bytes > 0),
    name text not null,
    created_by uuid,
    created_at timestamptz not null,
    primary key (firm_id, id)
  )`,
  'create index file_hash on file (firm_id, sha256)',

  // ── expenses and trips ───────────────────────────────────────────────────────────────────────────────────────────
  `create table expense_category (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    code text,
    vat_class text not null default 'standard' check (vat_class in ('standard', 'intermediate', 'reduced', 'zero', 'exempt')),
    deductible_percent numeric(5, 2) not null default 100 check (deductible_percent between 0 and 100),
    margin_percent numeric(7, 2) not null default 0 check (margin_percent between 0 and 1000),
    disbursement boolean not null default false,
    billable boolean not null default true,
    reimbursable boolean not null default true,
    archived_at timestamptz,
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id)
  )`,
  // One payment to one person.
  `create table reimbursement (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    paid_on date not null,
    amount numeric(18, 2) not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    note text not null default '',
    undone_at timestamptz,
    created_by uuid not null,
    created_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  `create table expense (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    date date not null,
    project_id uuid,
    category_id uuid not null,
    note text not null default '',
    tags text[] not null default '{}',
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    gross numeric(18, 2) not null check (gross <> 0),
    input_vat numeric(18, 2) not null default 0,
    deductible_percent numeric(5, 2) not null default 100 check (deductible_percent between 0 and 100),
    margin_percent numeric(7, 2) not null default 0 check (margin_percent between 0 and 1000),
    disbursement boolean not null default false,
    recharge_net numeric(18, 2) not null,
    billable boolean not null,
    reimbursable boolean not null,
    reimbursement_id uuid,
    ${entryFacts},
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, category_id) references expense_category (firm_id, id),
    foreign key (firm_id, reimbursement_id) references reimbursement (firm_id, id),
    check (not billable or project_id is not null)
  )`,
  'create index expense_date on expense (firm_id, date, id) where deleted_at is null',
  'create index expense_member on expense (firm_id, member_id, date) where deleted_at is null',
  'create index expense_project on expense (firm_id, project_id, date) where deleted_at is null',
  `create index expense_uninvoiced on expense (firm_id, project_id, date)
    where deleted_at is null and billable and not claimed and written_off_at is null`,
  `create index expense_unpaid on expense (firm_id, member_id, date)
    where deleted_at is null and reimbursable and reimbursement_id is null`,
  `create table expense_file (
    firm_id uuid not null,
    expense_id uuid not null,
    file_id uuid not null,
    position integer not null,
    primary key (firm_id, expense_id, file_id),
    foreign key (firm_id, expense_id) references expense (firm_id, id),
    foreign key (firm_id, file_id) references file (firm_id, id)
  )`,
  `create table vehicle (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    name text not null,
    plate text,
    member_id uuid,
    archived_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  `create table trip (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    date date not null,
    from_place text not null,
    to_place text not null,
    distance_km numeric(6, 1) not null check (distance_km > 0),
    return_trip boolean not null default false,
    vehicle_id uuid,
    kind text not null check (kind in ('business', 'commute', 'private')),
    project_id uuid,
    note text not null default '',
    tags text[] not null default '{}',
    billable boolean not null,
    reimbursable boolean not null,
    reimbursement_id uuid,
    ${entryFacts},
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, vehicle_id) references vehicle (firm_id, id),
    foreign key (firm_id, reimbursement_id) references reimbursement (firm_id, id),
    check (not billable or (project_id is not null and kind <> 'private')),
    check (not reimbursable or kind <> 'private')
  )`,
  'create index trip_date on trip (firm_id, date, id) where deleted_at is null',
  'create index trip_member on trip (firm_id, member_id, date) where deleted_at is null',
  'create index trip_project on trip (firm_id, project_id, date) where deleted_at is null',
  `create index trip_uninvoiced on trip (firm_id, project_id, date)
    where deleted_at is null and billable and not claimed and written_off_at is null`,
  `create index trip_unpaid on trip (firm_id, member_id, date)
    where deleted_at is null and reimbursable and reimbursement_id is null`,

  // ── what becomes due on its own day ──────────────────────────────────────────────────────────────────────────────
  `create table instalment (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    project_id uuid not null,
    activity_id uuid,
    position integer not null,
    kind text not null default 'part' check (kind in ('part', 'correction')),
    description text not null,
    amount numeric(18, 2) not null,
    due_on date not null,
    period_from date,
    period_until date,
    vat_class text check (vat_class in ('standard', 'intermediate', 'reduced', 'zero', 'exempt')),
    claimed boolean not null default false,
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    foreign key (firm_id, activity_id) references activity (firm_id, id),
    check (period_from is null or period_until is null or period_from <= period_until)
  )`,
  'create index instalment_project on instalment (firm_id, project_id, position) where deleted_at is null',
  'create index instalment_due on instalment (firm_id, due_on) where deleted_at is null and not claimed',
  `create table subscription (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    project_id uuid not null,
    description text not null,
    amount numeric(18, 2) not null check (amount >= 0),
    period text not null check (period in ('week', 'month', 'quarter', 'year')),
    from_date date not null,
    until_date date,
    in_advance boolean not null default true,
    last_period text not null default 'whole' check (last_period in ('whole', 'by-day')),
    vat_class text check (vat_class in ('standard', 'intermediate', 'reduced', 'zero', 'exempt')),
    deleted_at timestamptz,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    check (until_date is null or from_date <= until_date)
  )`,
  'create index subscription_project on subscription (firm_id, project_id) where deleted_at is null',
  // A period that has become due: the key lets it be there once, however often or late the job runs.
  `create table subscription_period (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    subscription_id uuid not null,
    project_id uuid not null,
    number integer not null check (number >= 1),
    period_from date not null,
    period_until date not null,
    amount numeric(18, 2) not null,
    due_on date not null,
    skipped_at timestamptz,
    claimed boolean not null default false,
    ${stamps},
    primary key (firm_id, id),
    unique (firm_id, subscription_id, period_from),
    foreign key (firm_id, subscription_id) references subscription (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id)
  )`,
  'create index subscription_period_due on subscription_period (firm_id, project_id, due_on) where not claimed and skipped_at is null',
  `alter table invoice_line
    add expense_category_id uuid,
    add foreign key (firm_id, expense_category_id) references expense_category (firm_id, id)`,

  // ── approval by the customer ─────────────────────────────────────────────────────────────────────────────────────
  `create table directory.approval_link (
    token_hash text primary key,
    firm_id uuid not null references directory.firm (id),
    request_id uuid not null,
    expires_at timestamptz not null
  )`,
  // `shown` is what the customer saw, kept with its hash as evidence.
  `create table approval_request (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    customer_id uuid not null,
    email text not null,
    language text not null check (language in ('nl', 'en')),
    message text not null default '',
    shown jsonb not null,
    shown_sha256 text not null,
    expires_at timestamptz not null,
    mail_state text not null default 'waiting' check (mail_state in ('waiting', 'sent', 'failed', 'by-hand')),
    mail_message_id text,
    mail_problem jsonb,
    opened_at timestamptz,
    answered_at timestamptz,
    withdrawn_at timestamptz,
    created_by uuid not null,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id)
  )`,
  'create index approval_request_customer on approval_request (firm_id, customer_id, created_at)',
  `create table approval_request_entry (
    firm_id uuid not null,
    request_id uuid not null,
    entry_kind text not null check (entry_kind in ('hours', 'expense', 'trip')),
    entry_id uuid not null,
    entry_version integer not null,
    outcome text check (outcome in ('approved', 'rejected', 'changed')),
    reason text,
    answered_at timestamptz,
    primary key (firm_id, request_id, entry_kind, entry_id),
    foreign key (firm_id, request_id) references approval_request (firm_id, id)
  )`,
  'create index approval_request_entry_entry on approval_request_entry (firm_id, entry_kind, entry_id)',

  // ── `claimed` says what `claim` says ─────────────────────────────────────────────────────────────────────────────
  `create function tell_claimed() returns trigger language plpgsql as $$
  begin${toldTables('made', true)}
    return null;
  end $$`,
  `create function tell_released() returns trigger language plpgsql as $$
  begin${toldTables('made', false)}
    return null;
  end $$`,
  `create trigger claim_tells_claimed after insert on claim referencing new table as made
    for each statement execute function tell_claimed()`,
  `create trigger claim_tells_released after update on claim referencing new table as made
    for each statement execute function tell_released()`,

  // ── the fence: every table with a firm_id in the schema public that has none yet ─────────────────────────────────
  `do $$
  declare found record;
  begin
    for found in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
      where n.nspname = 'public' and c.relkind = 'r' and not c.relrowsecurity
    loop
      execute format('alter table public.%I enable row level security', found.relname);
      execute format('alter table public.%I force row level security', found.relname);
      execute format('create policy firm_fence on public.%I using (firm_id = nullif(current_setting(''app.firm'', true), '''')::uuid) with check (firm_id = nullif(current_setting(''app.firm'', true), '''')::uuid)', found.relname);
    end loop;
  end $$`,
]
