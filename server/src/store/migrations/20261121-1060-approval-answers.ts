import { type Kysely, sql } from 'kysely'

/** Who answered for the customer, and what is known of the letter: one that may have arrived is told as such. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table approval_request
    add answered_name text,
    add mailed_at timestamptz,
    drop constraint approval_request_mail_state_check,
    add constraint approval_request_mail_state_check check (mail_state in ('waiting', 'sent', 'failed', 'uncertain', 'by-hand')),
    add check ((answered_at is null) = (answered_name is null))`,
  `create index approval_request_open on approval_request (firm_id, created_at) where answered_at is null and withdrawn_at is null`,
]
