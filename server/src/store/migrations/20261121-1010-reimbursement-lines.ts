import { type Kysely, sql } from 'kysely'

/** What a payment to an employee held, as it was then, and that nothing is paid twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table reimbursement_line (
    firm_id uuid not null,
    reimbursement_id uuid not null,
    position integer not null,
    entry_kind text not null check (entry_kind in ('expense', 'trip')),
    entry_id uuid not null,
    date date not null,
    description text not null,
    project_name text,
    km numeric(8, 1),
    rate numeric(18, 6),
    amount numeric(18, 2) not null,
    undone boolean not null default false,
    primary key (firm_id, reimbursement_id, position),
    foreign key (firm_id, reimbursement_id) references reimbursement (firm_id, id)
  )`,
  'create unique index reimbursement_line_once on reimbursement_line (firm_id, entry_kind, entry_id) where not undone',
  'create index reimbursement_paid on reimbursement (firm_id, paid_on desc, id desc)',
  'create index expense_file_file on expense_file (firm_id, file_id)',
  'alter table reimbursement_line enable row level security',
  'alter table reimbursement_line force row level security',
  `create policy firm_fence on reimbursement_line
    using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]
