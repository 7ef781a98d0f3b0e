import { Worker } from 'node:worker_threads'
import type { EInvoice } from '@uurwerk/core/invoicing/e-invoice.ts'
import type { Paper } from './pdf/invoice-paper.ts'
import type { StatementPaper } from './pdf/statement-paper.ts'

export type DocumentTask =
  | { readonly kind: 'pdf'; readonly paper: Paper }
  | { readonly kind: 'statement'; readonly paper: StatementPaper }
  | { readonly kind: 'ubl'; readonly invoice: EInvoice }
  | { readonly kind: 'factur-x'; readonly paper: Paper; readonly invoice: EInvoice }

export interface Told {
  readonly id: number
  readonly task: DocumentTask
}
type Answer = { readonly id: number } & ({ readonly bytes: Uint8Array } | { readonly error: unknown })

/** Makes the bytes of a PDF or UBL beside the program, which goes on answering meanwhile. */
export interface DocumentMaker {
  make(task: DocumentTask): Promise<Uint8Array>
  close(): Promise<void>
}

interface Waiting {
  readonly done: (bytes: Uint8Array) => void
  readonly failed: (error: unknown) => void
}

const idleMs = 60_000

/** One thread, begun when there is something to make and ended when there was nothing for a minute. */
export function createDocumentMaker(): DocumentMaker {
  let running: { readonly worker: Worker; readonly waiting: Map<number, Waiting> } | undefined
  let ending: NodeJS.Timeout | undefined
  let next = 0

  function begin() {
    const worker = new Worker(new URL('./document-worker.ts', import.meta.url))
    const waiting = new Map<number, Waiting>()
    const begun = { worker, waiting }
    worker.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('bytes' in answer) asked?.done(answer.bytes)
      else asked?.failed(answer.error)
      if (waiting.size === 0) rest(begun)
    })
    // A thread that fell over takes with it what it was making; the next task begins another.
    const gone = (error: unknown) => {
      if (running === begun) running = undefined
      for (const { failed } of waiting.values()) failed(error)
      waiting.clear()
    }
    worker.on('error', gone)
    worker.on('exit', (code) => gone(new Error(`the thread that makes documents ended with ${code}`)))
    return begun
  }

  function rest(begun: NonNullable<typeof running>) {
    begun.worker.unref()
    clearTimeout(ending)
    ending = setTimeout(() => void end(begun), idleMs)
    ending.unref()
  }

  async function end(begun: typeof running) {
    clearTimeout(ending)
    if (running === begun) running = undefined
    await begun?.worker.terminate()
  }

  return {
    make: (task) =>
      new Promise((done, failed) => {
        running ??= begin()
        clearTimeout(ending)
        const { worker, waiting } = running
        worker.ref()
        next += 1
        waiting.set(next, { done, failed })
        worker.postMessage({ id: next, task } satisfies Told)
      }),
    close: () => end(running),
  }
}
