import { treatmentOf, type VatCase, type VatClass, type VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { sql } from 'kysely'
import type { InFirm } from './connection.ts'

/** What an item can be chosen for: each activity and expense category, and one for each of the other kinds of lines. */
export const subjectKinds = ['activity', 'expense-category', 'trip', 'instalment', 'subscription', 'free'] as const
export type SubjectKind = (typeof subjectKinds)[number]

/** Kinds of which there is one subject, stored under this id. */
export const singleId = '00000000-0000-0000-0000-000000000000'
export const isSingle = (kind: SubjectKind): boolean => kind !== 'activity' && kind !== 'expense-category'

export interface Subject {
  readonly kind: SubjectKind
  /** Of the activity or expense category. */
  readonly id: string | null
  readonly name: string | null
  /** Its own item; null falls back to the default item. */
  readonly item: string | null
  /** Whether lines of it are to be expected: what nobody ever used asks for no rule. */
  readonly isUsed: boolean
  /** VAT classes that its lines can have; `disbursement` is a treatment of its own. */
  readonly vatClasses: readonly (VatClass | 'disbursement')[]
}

interface Row {
  readonly kind: SubjectKind
  readonly id: string
  readonly name: string | null
  readonly item: string | null
  readonly isUsed: boolean
  readonly vatClasses: (VatClass | 'disbursement')[]
}

/** Everything that lines can be about, what is archived only while it has an item of its own. */
export async function readSubjects({ trx, firmId }: InFirm, connectionId: string): Promise<readonly Subject[]> {
  const { rows } = await sql<Row>`
    with of_firm as (select default_vat_class as vat_class from firm where firm_id = ${firmId}),
    subject as (
      select 'activity' as kind, a.id, a.name, a.billable and a.archived_at is null as used,
        array[a.vat_class] as classes, a.archived_at
      from activity a where a.firm_id = ${firmId} and a.deleted_at is null
      union all
      select 'expense-category', c.id, c.name, c.archived_at is null and exists (select from expense e
          where e.firm_id = c.firm_id and e.category_id = c.id and e.billable and e.deleted_at is null),
        array[case when c.disbursement then 'disbursement' else c.vat_class end], c.archived_at
      from expense_category c where c.firm_id = ${firmId} and c.deleted_at is null
      union all
      select 'trip', ${singleId}::uuid, null, exists (select from trip t where t.firm_id = ${firmId} and t.billable
          and t.deleted_at is null and t.written_off_at is null and not t.claimed),
        array[f.vat_class], null from of_firm f
      union all
      select 'instalment', ${singleId}::uuid, null, count(i.id) > 0,
        coalesce(array_agg(distinct coalesce(i.vat_class, a.vat_class, f.vat_class)) filter (where i.id is not null),
          array[f.vat_class]), null
      from of_firm f
      left join instalment i on i.firm_id = ${firmId} and i.deleted_at is null and not i.claimed
      left join activity a on a.firm_id = i.firm_id and a.id = i.activity_id group by f.vat_class
      union all
      select 'subscription', ${singleId}::uuid, null, count(s.id) > 0,
        coalesce(array_agg(distinct coalesce(s.vat_class, f.vat_class)) filter (where s.id is not null),
          array[f.vat_class]), null
      from of_firm f left join subscription s on s.firm_id = ${firmId} and s.deleted_at is null group by f.vat_class
      union all
      select 'free', ${singleId}::uuid, null, exists (select from invoice_line l where l.firm_id = ${firmId}
          and l.kind = 'free'), array[f.vat_class], null from of_firm f)
    select s.kind, s.id, s.name, m.item, s.used as "isUsed", s.classes as "vatClasses"
    from subject s
    left join item_mapping m on m.firm_id = ${firmId} and m.connection_id = ${connectionId}
      and m.subject = s.kind and m.subject_id = s.id
    where s.archived_at is null or m.item is not null
    order by array_position(${[...subjectKinds]}::text[], s.kind), s.name collate "nl-x-icu", s.id`.execute(trx)
  return rows.map((row) => ({ ...row, id: isSingle(row.kind) ? null : row.id }))
}

/** The treatments that a subject's lines can have for customers of these cases. */
export function treatmentsOf({ vatClasses }: Pick<Subject, 'vatClasses'>, cases: readonly VatCase[]): VatTreatment[] {
  const all = vatClasses.flatMap((vatClass): VatTreatment[] =>
    vatClass === 'disbursement' ? ['disbursement'] : cases.map((vatCase) => treatmentOf(vatCase, vatClass)),
  )
  return [...new Set(all)]
}
