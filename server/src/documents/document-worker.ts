import { parentPort } from 'node:worker_threads'
import type { DocumentTask, Told } from './document-maker.ts'
import { renderPdf, renderStatement } from './pdf/render.ts'
import { facturXOf, ublOf } from './ubl.ts'

// A thread of its own: laying out 500 lines takes a quarter of a second in which it does nothing else.
parentPort?.on('message', async ({ id, task }: Told) => {
  try {
    const bytes = await bytesOf(task)
    parentPort?.postMessage({ id, bytes: new Uint8Array(bytes) })
  } catch (error) {
    parentPort?.postMessage({ id, error })
  }
})

async function bytesOf(task: DocumentTask): Promise<Uint8Array> {
  if (task.kind === 'pdf') return renderPdf(task.paper)
  if (task.kind === 'statement') return renderStatement(task.paper)
  if (task.kind === 'factur-x') return facturXOf(task.invoice, await renderPdf(task.paper))
  return Buffer.from(await ublOf(task.invoice))
}
