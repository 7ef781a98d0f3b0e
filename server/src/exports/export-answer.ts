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
export function exportAnswer(call: Asking, sheet: Sheet, form: ExportForm): Promise<FileAnswer> {
  const { services, firmId, language } = call
  return streamedAnswer(call, {
    name: say(language, sheet.name),
    extension: form.format,
    mediaType: mediaTypes[form.format],
    of: rowTurns,
    chunks: () =>
      form.format === 'csv'
        ? csvChunks(services.store, firmId, sheet, language, csvFormOf(language, form.separator))
        : xlsxBytes(services.store, firmId, sheet, language),
  })
}

/** A file that is made while it is read. */
export interface Streamed {
  /** As people call it; the day and the extension are added. */
  readonly name: string
  readonly extension: string
  readonly mediaType: string
  readonly of: Turns
  /** Begun when it is one's turn. */
  readonly chunks: () => AsyncIterable<Uint8Array | string>
}

/** The file, with what is wrong thrown before any byte of it; its turn ends when it was read or nobody reads any more. */
export async function streamedAnswer(call: Asking, file: Streamed): Promise<FileAnswer> {
  const { services, firm, now } = call
  const turn = await turnAt(services.store, file.of)
  const bytes = await begun(file.chunks(), turn)
  const name = file.name.toLowerCase().replaceAll(' ', '-')
  const fileName = `${name}-${dateIn(firm.timeZone, now)}.${file.extension}`
  return { mediaType: file.mediaType, fileName, bytes }
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
interface Turns {
  readonly most: number
  readonly taken: WeakMap<Store, { held: number; readonly waiting: (() => void)[] }>
}
const turnsOf = (most: number): Turns => ({ most, taken: new WeakMap() })
/** Of what comes straight from the database: each holds a connection. */
const rowTurns = turnsOf(4)
/** Of what is made document by document, which takes long: those who want rows do not wait for it. */
export const documentTurns = turnsOf(2)

/** Answers when it is one's turn, with what gives the turn back. */
async function turnAt(store: Store, { most, taken }: Turns): Promise<() => void> {
  const turns = taken.get(store) ?? { held: 0, waiting: [] }
  taken.set(store, turns)
  if (turns.held >= most) await new Promise<void>((resolve) => turns.waiting.push(resolve))
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
