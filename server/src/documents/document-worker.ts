import { parentPort } from 'node:worker_threads'
import type { Told } from './document-maker.ts'
import { renderPdf } from './pdf/render.ts'
import { ublOf } from './ubl.ts'

// A thread of its own: laying out 500 lines takes a quarter of a second in which it does nothing else.
parentPort?.on('message', async ({ id, task }: Told) => {
  try {
    const bytes = task.kind === 'pdf' ? await renderPdf(task.paper) : Buffer.from(await ublOf(task.invoice))
    parentPort?.postMessage({ id, bytes: new Uint8Array(bytes) })
  } catch (error) {
    parentPort?.postMessage({ id, error })
  }
})
