import type { Administration } from '@uurwerk/connectors/contract/contract.ts'
import { parseKvkNumber } from '@uurwerk/core/customers/kvk.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { wrongField } from '../http/problems.ts'
import { ensureLane } from '../postings/lane-due.ts'
import type { ConnectionKey, InFirm } from './connection.ts'
import { refuseDisconnected } from './service.ts'

/** One lane for everybody who posts to the same administration; a sandbox is a firm's own. */
export const laneKeyOf = (
  { package: packageId, mode, firmId, country }: ConnectionKey,
  administration: string,
): string => [packageId, ...(mode === 'sandbox' ? ['sandbox', firmId] : [country]), administration].join(':')

const plain = (text: string | null | undefined): string => (text ?? '').toUpperCase().replace(/[^A-Z0-9]/g, '')

/** What their company record says otherwise than ours: a sign of the wrong administration. */
export function differsFrom(
  firm: { readonly vatId: string | null; readonly kvk: string | null; readonly currency: string },
  administration: Administration,
): string[] {
  const kvk = (text: string | null | undefined) => (text ? (parseKvkNumber(text) ?? plain(text)) : '')
  const differ = (ours: string, theirs: string) => ours !== '' && theirs !== '' && ours !== theirs
  return [
    ...(differ(plain(firm.vatId), plain(administration.vatId)) ? ['vatId'] : []),
    ...(differ(kvk(firm.kvk), kvk(administration.kvk)) ? ['kvk'] : []),
    ...(differ(firm.currency, administration.currency ?? '') ? ['currency'] : []),
  ]
}

export function usableAdministration(found: readonly Administration[], id: string): Administration {
  const chosen = found.find((one) => one.id === id)
  if (!chosen) throw wrongField('/administration', 'administration-unknown')
  if (!chosen.usable)
    throw wrongField('/administration', 'administration-unusable', { name: chosen.name, reason: chosen.reason ?? '' })
  return chosen
}

/** Stores the choice. Another administration than before has other lists, so what was chosen from the old ones goes. */
export async function storeAdministration(
  { trx, firmId }: InFirm,
  connection: ConnectionKey,
  chosen: Administration,
  by: { readonly memberId: string; readonly now: Date },
): Promise<void> {
  const row = await trx
    .selectFrom('connection')
    .select(['administration', 'state'])
    .where('firmId', '=', firmId)
    .where('id', '=', connection.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  refuseDisconnected(row)
  const isOther = row.administration !== null && row.administration !== chosen.id
  if (isOther) await dropChoices({ trx, firmId }, connection.id)
  const laneKey = laneKeyOf(connection, chosen.id)
  await ensureLane(trx, laneKey, connection.package)
  await trx
    .updateTable('connection')
    .set((set) => ({
      state: 'connected',
      problem: null,
      administration: chosen.id,
      administrationName: chosen.name,
      laneKey,
      connectedBy: by.memberId,
      connectedAt: by.now,
      ...(isOther ? { settings: JSON.stringify({}), health: null, healthAt: null } : {}),
      version: set('version', '+', 1),
      updatedAt: by.now,
    }))
    .where('firmId', '=', firmId)
    .where('id', '=', connection.id)
    .execute()
}

async function dropChoices({ trx, firmId }: InFirm, connectionId: string): Promise<void> {
  const posted = await trx
    .selectFrom('posting')
    .select('id')
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .limit(1)
    .executeTakeFirst()
  if (posted) throw new ProblemError({ kind: 'conflict', code: 'administration-fixed' })
  for (const table of ['package_row', 'package_mark', 'link', 'item_mapping', 'posting_rule'])
    await sql`delete from ${sql.table(table)} where firm_id = ${firmId} and connection_id = ${connectionId}`.execute(
      trx,
    )
}
