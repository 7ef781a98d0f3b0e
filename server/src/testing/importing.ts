import {
  addAccount,
  editAccount,
  fillAccounts,
  moveDivision,
  removeAccount,
  setInvoiceAddress,
  takeRight,
} from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import type { ConnectedApp, Office } from './connected.ts'

export interface ImportTask {
  readonly id: string
  readonly state: string
  readonly now: string | null
  readonly done: number
  readonly total: number | null
  readonly full: boolean | null
  readonly startedBy: { readonly kind: string; readonly name: string | null }
  readonly report: Readonly<Record<string, number>> | null
  readonly problem: { readonly code: string; readonly cause: string } | null
}

export interface ImportRow {
  readonly label: string
  readonly outcome: string
  readonly detail: string | null
  readonly subjectId: string | null
}

type Fields = Readonly<Record<string, unknown>>

/** What a bookkeeper does in Exact Online, and what an office does with the imports of it. */
export function importing(app: ConnectedApp, at: Office) {
  const desk = <T>(act: (desk: Parameters<typeof addAccount>[0]) => T) =>
    app.changeWorld(at.firm.id, (world) => act({ world, clock: app.services.clock, random: app.services.random }))
  const one = {
    /** As many as asked for, numbered from 50001 on. */
    fill: (count: number) => desk((it) => fillAccounts(it, count)),
    add: (fields: Fields) => desk((it) => addAccount(it, { Status: 'C', Country: 'NL', ...fields })),
    edit: (code: string, fields: Fields) => desk((it) => editAccount(it, code, fields)),
    remove: (code: string) => desk((it) => removeAccount(it, code)),
    move: () => desk(moveDivision),
    invoiceAddress: (code: string, fields: Fields) => desk((it) => setInvoiceAddress(it, code, fields)),
    takeRight: (email: string, path: string) => desk((it) => takeRight(it, email, { path, as: 'empty' })),
    begin: async (id: string, body: object = {}) =>
      (await at.ask<ImportTask>(`/connections/${id}/imports`, { method: 'POST', body })).body,
    async run(id: string, body: object = {}) {
      app.clock.forward(60_000)
      const { id: taskId } = await one.begin(id, body)
      await app.runTasks()
      return one.report(taskId)
    },
    async report(taskId: string) {
      const task = (await at.ask<ImportTask>(`/tasks/${taskId}`)).body
      const { rows } = (await at.ask<{ rows: ImportRow[] }>(`/tasks/${taskId}/rows?limit=200`)).body
      return { task, rows, told: rows.map(({ label, outcome, detail }) => [label, outcome, detail]) }
    },
    customers: () =>
      at.firm.within((trx) =>
        trx
          .selectFrom('customer')
          .selectAll()
          .where('firmId', '=', at.firm.id)
          .where('deletedAt', 'is', null)
          .orderBy('number')
          .execute(),
      ),
    numbered: async (number: string) => (await one.customers()).find((row) => row.number === number),
  }
  return one
}
