import { type Kysely, sql } from 'kysely'

/**
 * Documents that the package makes for us: head and lines as they were when a person posted them, beside what the
 * package made of them. The entries are held by the posting that makes it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const fence = (table: string) => [
  `alter table ${table} enable row level security`,
  `alter table ${table} force row level security`,
  `create policy firm_fence on ${table} using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]

const statements = [
  // reserved: posted, not yet known · made: it exists there · printed: and is booked · gone: deleted there ·
  // released: given up here before it existed, or by a person who says that it does not.
  `create table package_invoice (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    state text not null default 'reserved' check (state in ('reserved', 'made', 'printed', 'gone', 'released')),
    kind text not null check (kind in ('invoice', 'credit')),
    customer_id uuid not null,
    customer_name text not null,
    project_ids uuid[] not null,
    closes_project_id uuid,
    date date not null,
    due_date date not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    language text not null check (language in ('nl', 'en')),
    description text not null default '',
    order_number text,
    grouped_by text,
    net numeric(18, 2) not null,
    vat numeric(18, 2) not null,
    gross numeric(18, 2) not null,
    vat_per_rate jsonb not null,
    their_id text,
    their_number text,
    their_vat numeric(18, 2),
    their_gross numeric(18, 2),
    url text,
    ended_why text,
    ended_at timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id),
    foreign key (firm_id, closes_project_id) references project (firm_id, id),
    check ((state in ('gone', 'released')) = (ended_at is not null))
  )`,
  'create index package_invoice_date on package_invoice (firm_id, date)',
  'create index package_invoice_customer on package_invoice (firm_id, customer_id)',
  `create table package_invoice_line (
    firm_id uuid not null,
    id uuid not null,
    package_invoice_id uuid not null,
    position integer not null,
    kind text not null check (kind in ('hours', 'expense', 'trip', 'instalment', 'subscription')),
    description text not null,
    quantity numeric(18, 4) not null,
    unit text not null,
    unit_price numeric(18, 4) not null,
    net numeric(18, 2) not null,
    vat numeric(18, 2) not null,
    vat_treatment text not null,
    vat_rate numeric(7, 4) not null,
    project_id uuid not null,
    activity_ids uuid[] not null default '{}',
    expense_category_id uuid,
    supply_from date not null,
    supply_until date not null,
    registered_minutes integer,
    entry_ids uuid[] not null,
    primary key (firm_id, id),
    foreign key (firm_id, package_invoice_id) references package_invoice (firm_id, id),
    foreign key (firm_id, project_id) references project (firm_id, id),
    unique (firm_id, package_invoice_id, position)
  )`,
  'create index package_invoice_line_project on package_invoice_line (firm_id, project_id)',
  ...fence('package_invoice'),
  ...fence('package_invoice_line'),
  `alter table claim add constraint claim_posting_is_known foreign key (firm_id, posting_id) references posting (firm_id, id)`,
  'create index claim_posting on claim (firm_id, posting_id) where posting_id is not null and released_at is null',
]
