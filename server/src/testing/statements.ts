import pg from 'pg'
import { vi } from 'vitest'
import type { TestFirm } from './firm.ts'

/** What is asked of the database within transactions of this firm; other parts of the program ask for themselves meanwhile. */
export async function withStatements<Answer>(firm: TestFirm, work: () => Promise<Answer>) {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  try {
    const answer = await work()
    const { calls, contexts } = query.mock
    const open = new Set<unknown>()
    const statements = calls.flatMap(([asked], index) => {
      const [text, client] = [String(asked), contexts[index]]
      if (text.startsWith('begin') && text.includes(firm.id)) open.add(client)
      if (!open.has(client)) return []
      if (text === 'commit' || text === 'rollback') open.delete(client)
      return [text]
    })
    return { answer, statements }
  } finally {
    query.mockRestore()
  }
}
