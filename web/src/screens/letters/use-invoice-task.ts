import { useQuery } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useAct } from '../../query.ts'

type Task = components['schemas']['Task']

const isOver = (task: Task | undefined) => task?.state === 'done' || task?.state === 'failed'

/** One act on many invoices, which the server does one after the other: how it is started, and how far it is. */
export function useInvoiceTask<Input>(
  run: (input: Input, key: { readonly 'Idempotency-Key': string }) => Promise<Task>,
) {
  const start = useAct<Input, Task>({ run })
  const id = start.data?.id ?? ''
  const follow = useQuery({
    queryKey: ['invoice-task', id],
    queryFn: ({ signal }) => answer(api.GET('/invoices/tasks/{id}', { params: { path: { id } }, signal })),
    enabled: start.data !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : 600),
  })
  const task = follow.data ?? start.data
  return { start, task, over: isOver(task) }
}
