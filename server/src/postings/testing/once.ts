import type { BookedDocument } from '@uurwerk/connectors/conformance/books.ts'
import { compare, decimal } from '@uurwerk/core/shared/money.ts'
import type { Office } from './office.ts'

/** What is wrong with how the books and our postings agree; empty when each document is there exactly once. */
export async function wrongs(at: Office): Promise<readonly string[]> {
  const found: string[] = []
  const booked = at.booked()
  const postings = await at.postings()
  const theirs = new Map(postings.map(({ id, theirId }) => [id, theirId]))
  const adopted = new Set(postings.flatMap(({ state, theirId }) => (state === 'posted' ? (theirId ?? []) : [])))
  for (const posting of postings) {
    const isOurs = (id: string | undefined) => id !== undefined && id === posting.theirId
    // Exact Online keeps no reference on an account; names are unique here.
    // Where a file or a printing carries no reference, it is the only one of what it hangs on.
    const hangsOn = ({ reference, parent }: BookedDocument) =>
      reference === '' &&
      (posting.kind === 'attachment' || posting.kind === 'printing') &&
      parent !== undefined &&
      parent === theirs.get(posting.afterId ?? '')
    const isIt = (document: BookedDocument) =>
      document.reference === posting.reference ||
      isOurs(document.id) ||
      hangsOn(document) ||
      (posting.kind === 'customer' && document.customerName === posting.label)
    const hits = booked.filter((document) => document.kind === posting.kind && isIt(document))
    const name = `${posting.kind} ${posting.label} (${posting.reference})`
    if (posting.state === 'discarded') {
      // Unless it was attached or posted anew, and what was there was adopted.
      if (booked.some(({ reference, id }) => reference === posting.reference && !adopted.has(id)))
        found.push(`doubled: ${name} was given up and is there`)
      continue
    }
    if (posting.state !== 'posted') found.push(`stuck: ${name} is ${posting.state} ${JSON.stringify(posting.problem)}`)
    if (hits.length === 0) found.push(`lost: ${name}`)
    if (hits.length > 1) found.push(`doubled: ${name} stands there ${hits.length} times`)
    if (posting.state === 'posted' && !isOurs(hits[0]?.id))
      found.push(`wrong link: ${name} is ${posting.theirId}, not ${hits[0]?.id}`)
    const gross = hits[0]?.gross
    if (
      posting.gross !== null &&
      gross !== undefined &&
      compare(decimal(posting.gross), decimal(gross)) !== 0 &&
      !posting.differs
    )
      found.push(`amount: ${name} is ${gross}, not ${posting.gross}`)
  }
  for (const [name, count] of Object.entries(at.bench.world.state.breaches))
    found.push(`breach: ${name} ${count} times`)
  return found
}
