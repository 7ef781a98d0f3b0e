import { type Kysely, sql } from 'kysely'

/** What a reminder asks for is kept with it: it does not leave when something else is outstanding by then. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'alter table letter add outstanding numeric(18, 2)',
  `create function keep_reminded_amount() returns trigger language plpgsql as $$
  begin
    select i.outstanding into new.outstanding from invoice i where i.firm_id = new.firm_id and i.id = new.invoice_id;
    return new;
  end $$`,
  `create trigger letter_keeps_reminded_amount before insert or update of body on letter for each row
    when (new.kind = 'reminder') execute function keep_reminded_amount()`,
]
