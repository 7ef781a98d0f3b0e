import { type Kysely, sql } from 'kysely'

/**
 * Each line of a credit note names the line it takes back, so that no two of them take the same. An invoice that was
 * credited in whole says so and never goes back.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table invoice
    add releases_entries boolean not null default false,
    add check (credits_id is null or kind = 'credit'),
    add check (not releases_entries or credits_id is not null)`,
  'create index invoice_credits on invoice (firm_id, credits_id) where credits_id is not null',
  `alter table invoice_line
    add credits_line_id uuid,
    add foreign key (firm_id, credits_line_id) references invoice_line (firm_id, id)`,
  'create index invoice_line_credits on invoice_line (firm_id, credits_line_id) where credits_line_id is not null',
  `create or replace function refuse_change_of_sent_invoice() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      if old.state <> 'draft' then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
      return old;
    end if;
    if old.state <> 'draft' and (
      (new.state <> old.state and not (old.kind = 'invoice' and old.state = 'sent' and new.state = 'credited')) or
      (to_jsonb(new) - '{state,version,updated_at,already_in_books}'::text[]) is distinct from (to_jsonb(old) - '{state,version,updated_at,already_in_books}'::text[])
    ) then raise exception 'a sent invoice never changes' using errcode = 'integrity_constraint_violation'; end if;
    return new;
  end $$`,
]
