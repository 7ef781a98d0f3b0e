import { type Kysely, sql } from 'kysely'

/**
 * What comes after sending: payments, letters with their attachments and templates, reminders, the firm's logo, and the
 * evidence of VAT id checks. What was paid and credited stands on the invoice, kept by triggers from the payments and
 * credit notes themselves, so that what is outstanding is found by an index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const stamps = `version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null`

/** Facts of a sent invoice that come later than the sending. */
const later = `'{state,version,updated_at,already_in_books,paid,credited,outstanding,reminders_held}'::text[]`

const statements = [
  // ── payments ─────────────────────────────────────────────────────────────────────────────────────────────────────
  // In the currency of the invoice; below zero is money that went back.
  `create table payment (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    invoice_id uuid not null,
    date date not null,
    amount numeric(18, 2) not null check (amount <> 0),
    way text not null default 'bank' check (way in ('bank', 'card', 'cash', 'set-off', 'other')),
    note text not null default '',
    source text not null default 'hand' check (source in ('hand', 'package')),
    removed_at timestamptz,
    created_by uuid,
    ${stamps},
    primary key (firm_id, id),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id)
  )`,
  'create index payment_invoice on payment (firm_id, invoice_id, date)',
  // `credited` is what sent credit notes take back, above zero; a credit note is settled on its invoice.
  `alter table invoice
    add paid numeric(18, 2) not null default 0,
    add credited numeric(18, 2) not null default 0,
    add outstanding numeric(18, 2) generated always as (
      case when state = 'draft' or credits_id is not null then 0 else gross - credited - paid end) stored,
    add reminders_held boolean not null default false`,
  `create or replace function refuse_change_of_sent_invoice() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      if old.state <> 'draft' then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
      return old;
    end if;
    if old.state <> 'draft' and (
      (new.state <> old.state and not (old.kind = 'invoice' and old.state = 'sent' and new.state = 'credited')) or
      (to_jsonb(new) - ${later}) is distinct from (to_jsonb(old) - ${later})
    ) then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
    return new;
  end $$`,
  'alter table invoice no force row level security',
  `update invoice i set credited = c.taken
    from (select firm_id, credits_id, -sum(gross) as taken from invoice
      where credits_id is not null and state <> 'draft' group by firm_id, credits_id) c
    where i.firm_id = c.firm_id and i.id = c.credits_id`,
  'alter table invoice force row level security',
  // Added to and taken from, never counted again: two payments at once are then both in it.
  `create function tell_paid() returns trigger language plpgsql as $$
  declare
    before_it numeric := case when tg_op = 'INSERT' then 0 when old.removed_at is null then old.amount else 0 end;
    after_it numeric := case when tg_op = 'DELETE' then 0 when new.removed_at is null then new.amount else 0 end;
    about record := case when tg_op = 'DELETE' then old else new end;
  begin
    if tg_op = 'UPDATE' and new.invoice_id <> old.invoice_id then
      raise exception 'a payment stays with its invoice' using errcode = 'integrity_constraint_violation';
    end if;
    if before_it <> after_it then
      update invoice set paid = paid - before_it + after_it where firm_id = about.firm_id and id = about.invoice_id;
    end if;
    return null;
  end $$`,
  `create trigger payment_tells_paid after insert or update or delete on payment
    for each row execute function tell_paid()`,
  `create function tell_credited() returns trigger language plpgsql as $$
  begin
    update invoice set credited = credited - new.gross where firm_id = new.firm_id and id = new.credits_id;
    return null;
  end $$`,
  `create trigger sent_credit_note_tells_credited after update on invoice for each row
    when (new.credits_id is not null and old.state = 'draft' and new.state <> 'draft') execute function tell_credited()`,
  `create trigger stored_credit_note_tells_credited after insert on invoice for each row
    when (new.credits_id is not null and new.state <> 'draft') execute function tell_credited()`,
  `create index invoice_outstanding on invoice (firm_id, due_date, id)
    where outstanding <> 0 and state <> 'draft' and deleted_at is null`,

  // ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────
  // `sending` is stored before the mail server is spoken to: found again, it may have arrived, and that is said.
  `create table letter (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    kind text not null check (kind in ('invoice', 'credit-note', 'reminder', 'statement')),
    customer_id uuid not null,
    invoice_id uuid,
    reminder_step smallint check (reminder_step between 1 and 3),
    language text not null check (language in ('nl', 'en')),
    recipients jsonb not null,
    bcc text[] not null default '{}',
    reply_to text,
    sender_name text not null,
    subject text not null,
    body text not null,
    attach jsonb not null default '{}',
    state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'uncertain', 'failed', 'withdrawn')),
    message_id text not null,
    tries integer not null default 0,
    due_at timestamptz not null,
    sending_at timestamptz,
    sent_at timestamptz,
    problem jsonb,
    refused jsonb not null default '[]',
    automatic boolean not null default false,
    created_by uuid,
    ${stamps},
    primary key (firm_id, id),
    unique (firm_id, message_id),
    foreign key (firm_id, customer_id) references customer (firm_id, id),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id),
    check ((kind = 'statement') = (invoice_id is null)),
    check ((kind = 'reminder') = (reminder_step is not null))
  )`,
  // A step of a reminder goes out once, whoever asks for it.
  `create unique index letter_reminder on letter (firm_id, invoice_id, reminder_step)
    where kind = 'reminder' and state <> 'withdrawn'`,
  'create index letter_invoice on letter (firm_id, invoice_id, created_at)',
  'create index letter_customer on letter (firm_id, customer_id, created_at)',
  'create index letter_created on letter (firm_id, created_at, id)',
  `create index letter_to_send on letter (firm_id, due_at) where state in ('waiting', 'sending')`,
  // What went along, by the hash of its bytes.
  `create table letter_attachment (
    firm_id uuid not null,
    letter_id uuid not null,
    position integer not null,
    kind text not null check (kind in ('pdf', 'pdf-with-hours', 'ubl', 'receipt', 'statement')),
    file_name text not null,
    media_type text not null,
    sha256 text not null,
    size_bytes integer not null,
    primary key (firm_id, letter_id, position),
    foreign key (firm_id, letter_id) references letter (firm_id, id)
  )`,
  'create index letter_attachment_sha256 on letter_attachment (firm_id, sha256)',
  `create table mail_template (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    kind text not null check (kind in ('invoice', 'credit-note', 'reminder-1', 'reminder-2', 'reminder-3', 'statement')),
    language text not null check (language in ('nl', 'en')),
    subject text not null,
    body text not null,
    ${stamps},
    primary key (firm_id, id),
    unique (firm_id, kind, language)
  )`,
  `alter table firm
    add mail_sender_name text,
    add mail_reply_to text,
    add mail_bcc text[] not null default '{}',
    add mail_attach jsonb not null default '{"ubl": true, "hours": false, "receipts": false}',
    add reminders_automatic boolean not null default false,
    add reminder_days integer[] not null default '{7,14,28}' check (cardinality(reminder_days) = 3),
    add logo_sha256 text,
    add logo_media_type text`,
  'alter table customer add reminders_off boolean not null default false',

  // ── VAT ids ──────────────────────────────────────────────────────────────────────────────────────────────────────
  `create table vat_id_check (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    customer_id uuid not null,
    vat_id text not null,
    outcome text not null check (outcome in ('valid', 'invalid', 'no-answer')),
    consultation text,
    name text,
    address text,
    answer jsonb not null,
    checked_by uuid,
    checked_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id)
  )`,
  'create index vat_id_check_customer on vat_id_check (firm_id, customer_id, checked_at)',

  ...['payment', 'letter', 'letter_attachment', 'mail_template', 'vat_id_check'].flatMap((table) => [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy firm_fence on ${table} using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
      with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
  ]),
]
