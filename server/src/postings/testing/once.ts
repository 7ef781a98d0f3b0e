import type { BookedDocument } from '@uurwerk/connectors/conformance/books.ts'
import { compare, decimal } from '@uurwerk/core/shared/money.ts'
import type { Office } from './office.ts'

/** What is wrong with how the books and our postings agree; empty when each document is there exactly once. */
export async function wrongs(at: Office): Promise<readonly string[]> {
  const found: string[] = []
  const booked = at.booked()
  for (const posting of await at.postings()) {
    const isOurs = (id: string | undefined) => id !== undefined && id === posting.theirId
    // Exact Online keeps no reference on an account; names are unique here.
    const isIt = ({ reference, id, customerName }: BookedDocument) =>
      reference === posting.reference || isOurs(id) || (posting.kind === 'customer' && customerName === posting.label)
    const hits = booked.filter((document) => document.kind === posting.kind && isIt(document))
    const name = `${posting.kind} ${posting.label} (${posting.reference})`
    if (posting.state === 'discarded') {
      if (booked.some(({ reference }) => reference === posting.reference))
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
