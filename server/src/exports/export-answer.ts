import type { FileAnswer } from '@uurwerk/api/route.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Services } from '../services.ts'
import type { Store } from '../store/database.ts'
import { type CsvForm, csvChunks, csvFormOf } from './csv.ts'
import type { Sheet } from './sheet.ts'
import { xlsxBytes } from './xlsx.ts'

export interface ExportForm {
  readonly format: 'csv' | 'xlsx'
  readonly separator?: CsvForm['separator'] | undefined
}

interface Asking {
  readonly services: Pick<Services, 'store'>
  readonly firmId: string
  readonly firm: { readonly timeZone: string }
  readonly language: Language
  readonly now: Date
}

const mediaTypes = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/**
 * A sheet as a file, streamed: what has not been read yet is still in the database. To be answered by a `free` handler,
 * since the transaction lives as long as the download. What is wrong with the query is thrown here, before any byte.
 */
export async function exportAnswer(call: Asking, sheet: Sheet, form: ExportForm): Promise<FileAnswer> {
  const { services, firmId, firm, language, now } = call
  const turn = await turnAt(services.store)
  const chunks: AsyncIterable<Uint8Array | string> =
    form.format === 'csv'
      ? csvChunks(services.store, firmId, sheet, language, csvFormOf(language, form.separator))
      : xlsxBytes(services.store, firmId, sheet, language)
  const bytes = await begun(chunks, turn)
  const name = say(language, sheet.name).toLowerCase().replaceAll(' ', '-')
  return { mediaType: mediaTypes[form.format], fileName: `${name}-${dateIn(firm.timeZone, now)}.${form.format}`, bytes }
}

/** Reads the first two pieces (the head of a file needs no database), so that an error comes in time to be told. */
async function begun<Piece>(chunks: AsyncIterable<Piece>, ended: () => void): Promise<AsyncIterable<Piece>> {
  const source = chunks[Symbol.asyncIterator]()
  const ahead: IteratorResult<Piece>[] = []
  try {
    for (let piece = 0; piece < 2 && !ahead.at(-1)?.done; piece++) ahead.push(await source.next())
  } catch (error) {
    ended()
    throw error
  }
  if (ahead.at(-1)?.done) ended()
  const next = async () => {
    const piece = ahead.shift()
    if (piece) return piece
    try {
      const read = await source.next()
      if (read.done) ended()
      return read
    } catch (error) {
      ended()
      throw error
    }
  }
  // By hand: a generator that was never begun does not tell its source that nobody reads any more.
  const stop = async (): Promise<IteratorResult<Piece>> => {
    ended()
    await source.return?.()
    return { done: true, value: undefined }
  }
  return { [Symbol.asyncIterator]: () => ({ next, return: stop }) }
}

/** Downloads at once in this process; the others wait, so that slow readers leave connections for everybody else. */
const TURNS = 4
const taken = new WeakMap<Store, { held: number; readonly waiting: (() => void)[] }>()

/** Answers when it is one's turn, with what gives the turn back. */
async function turnAt(store: Store): Promise<() => void> {
  const turns = taken.get(store) ?? { held: 0, waiting: [] }
  taken.set(store, turns)
  if (turns.held >= TURNS) await new Promise<void>((resolve) => turns.waiting.push(resolve))
  else turns.held += 1
  let mine = true
  return () => {
    if (!mine) return
    mine = false
    const next = turns.waiting.shift()
    if (next) next()
    else turns.held -= 1
  }
}
