import { type Kysely, sql } from 'kysely'

/**
 * What comes back from the books: what is still open of each posted document, the comparison of every document with
 * what was stored of it, and payments that the books tell of. A payment by hand counts only until the books tell of the
 * same money: `in_books` is how much of it they include, and what is left of it is what is paid beside them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // One row per term of an entry as the package last told it; `document` is what was posted.
  `create table settlement (
    firm_id uuid not null,
    connection_id uuid not null,
    their_id text not null,
    document text not null,
    outstanding numeric(18, 2) not null,
    currency text not null,
    last_paid_on date,
    gone_at timestamptz,
    read_at timestamptz not null,
    primary key (firm_id, connection_id, their_id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  'create index settlement_document on settlement (firm_id, connection_id, document)',
  // What the books say of one posted document; `settled` is nothing left without a payment: written off or set off there.
  `create table posting_settled (
    firm_id uuid not null,
    posting_id uuid not null,
    connection_id uuid not null,
    state text not null check (state in ('open', 'partly-paid', 'paid', 'settled', 'over-paid', 'unknown')),
    why text check (why in ('gone', 'other-currency')),
    outstanding numeric(18, 2),
    last_paid_on date,
    changed_at timestamptz not null,
    primary key (firm_id, posting_id),
    foreign key (firm_id, posting_id) references posting (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id),
    check ((state = 'unknown') = (outstanding is null))
  )`,
  `alter table payment
    add connection_id uuid,
    add in_books numeric(18, 2) not null default 0,
    add foreign key (firm_id, connection_id) references connection (firm_id, id),
    add check (in_books * amount >= 0 and abs(in_books) <= abs(amount))`,
  `create unique index payment_of_package on payment (firm_id, invoice_id) where source = 'package'`,
  `create or replace function tell_paid() returns trigger language plpgsql as $$
  declare
    before_it numeric := case when tg_op = 'INSERT' then 0 when old.removed_at is null then old.amount - old.in_books else 0 end;
    after_it numeric := case when tg_op = 'DELETE' then 0 when new.removed_at is null then new.amount - new.in_books else 0 end;
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

  // ── reconciliation ───────────────────────────────────────────────────────────────────────────────────────────────
  // Its id is that of the task that makes it. `last_sequence`: up to which posting it has come.
  `create table reconciliation (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    scope text not null check (scope in ('open-periods', 'all')),
    state text not null default 'running' check (state in ('running', 'done', 'failed')),
    documents integer not null default 0,
    unknown integer not null default 0,
    differing integer not null default 0,
    accepted integer not null default 0,
    solved integer not null default 0,
    totals jsonb not null default '[]',
    problem jsonb,
    last_sequence bigint not null default 0,
    created_by uuid,
    started_at timestamptz not null,
    finished_at timestamptz,
    primary key (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  'create index reconciliation_listed on reconciliation (firm_id, started_at desc, id desc)',
  // `print` is over what differs: accepted is what a person saw, until it becomes something else.
  `create table books_difference (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    posting_id uuid not null,
    kind text not null check (kind in ('deleted', 'amounts', 'changed', 'posted-differently', 'not-attached')),
    fields jsonb not null default '[]',
    print text not null,
    state text not null default 'open' check (state in ('open', 'accepted', 'solved')),
    reason text,
    decided_by uuid,
    decided_at timestamptz,
    solved_how text check (solved_how in ('as-before', 'posted-again', 'freed')),
    first_seen_at timestamptz not null,
    seen_at timestamptz not null,
    version integer not null default 1,
    primary key (firm_id, id),
    foreign key (firm_id, posting_id) references posting (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  // That a file is missing stands beside whatever else differs.
  `create unique index books_difference_live on books_difference (firm_id, posting_id, (kind = 'not-attached'))
    where state <> 'solved'`,
  'create index books_difference_listed on books_difference (firm_id, state, id desc)',
  // Nightly, each once in a night of the firm: the day of its last one.
  `alter table connection
    add nightly_payments boolean not null default true,
    add nightly_reconciliation boolean not null default true,
    add payments_night date,
    add reconciliation_night date`,

  ...['settlement', 'posting_settled', 'reconciliation', 'books_difference'].flatMap((table) => [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy firm_fence on ${table} using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
      with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
  ]),
]
