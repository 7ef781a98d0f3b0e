import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import type { Word } from '../../words/words.tsx'

export type OverdueInvoice = components['schemas']['OverdueInvoice']
export type ReminderSettings = Omit<components['schemas']['ReminderSettings'], 'days'> & {
  readonly days: number[]
}
export type Why = NonNullable<OverdueInvoice['why']>

export const settingsQuery = queryOptions({
  queryKey: ['reminders', 'settings'],
  queryFn: ({ signal }) => answer(api.GET('/reminder-settings', { signal })),
})

export const totalsQuery = queryOptions({
  queryKey: ['reminders', 'totals'],
  queryFn: ({ signal }) => answer(api.GET('/reminders/totals', { signal })),
})

export const invoiceRemindersQuery = (invoiceId: string) =>
  queryOptions({
    queryKey: ['reminders', 'of-invoice', invoiceId],
    queryFn: ({ signal }) =>
      answer(api.GET('/invoices/{id}/reminders', { params: { path: { id: invoiceId } }, signal })),
  })

/** The letter of a reminder as it is proposed. */
export const reminderDraftQuery = (invoiceId: string, step: number) =>
  queryOptions({
    queryKey: ['letter-draft', invoiceId, 'reminder', step],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/invoices/{id}/letter-draft', {
          params: { path: { id: invoiceId }, query: { kind: 'reminder', step } },
          signal,
        }),
      ),
    staleTime: 0,
  })

/** Letters, and what they say of invoices, look again. */
export const remindersChanged = (client: QueryClient) =>
  Promise.all(
    [['reminders'], ['letters'], ['invoices'], ['invoice']].map((queryKey) => client.invalidateQueries({ queryKey })),
  )

const stepWords = ['reminders.step.1', 'reminders.step.2', 'reminders.step.3'] as const satisfies readonly Word[]
export const stepWord = (step: number): Word => stepWords[step - 1] ?? stepWords[0]
