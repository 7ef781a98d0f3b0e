import { createHmac, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Books, Call, Connection, Connector, Wire } from '../contract/contract.ts'
import { isSuccess } from '../kit/json-answer.ts'
import { chosenDivision, exactCalls } from './calls.ts'
import { readingProblem } from './judge.ts'
import { me, webhookSubscription } from './wire.ts'

const resource = 'webhooks/WebhookSubscriptions'

/** What we look at again when Exact Online tells of a topic. Payments come as bank entries, write-offs as general ones. */
const topics: Readonly<Record<string, string>> = {
  Accounts: 'customers',
  Items: 'items',
  SalesInvoices: 'salesInvoice',
  SalesEntries: 'salesEntry',
  BankEntries: 'settled',
  GeneralJournalEntries: 'settled',
}

const event = z.object({
  Content: z.object({ Topic: z.string(), Division: z.number().int(), Key: z.string().optional() }),
  HashCode: z.string(),
})

const before = Buffer.from('{"Content":')
const between = Buffer.from(',"HashCode":')

/**
 * `{"Content":…,"HashCode":"…"}`: the hash is the HMAC-SHA256 of the bytes of the content as they came, in upper-case hex,
 * keyed with the webhook secret of the registered app (as found live by users of other connectors).
 */
export const hint: NonNullable<Connector['hint']> = (raw, _headers, secret) => {
  const bytes = Buffer.from(raw)
  // A second after subscribing Exact Online tries the address with an empty body; it expects a success.
  if (bytes.toString('latin1').trim() === '') return 'ignore'
  const end = bytes.lastIndexOf(between)
  if (end < 0 || !bytes.subarray(0, before.length).equals(before)) return 'refuse'
  const found = eventIn(bytes)
  if (!found) return 'refuse'
  const good = Buffer.from(
    createHmac('sha256', secret).update(bytes.subarray(before.length, end)).digest('hex').toUpperCase(),
  )
  const given = Buffer.from(found.HashCode)
  if (given.length !== good.length || !timingSafeEqual(given, good)) return 'refuse'
  const { Topic, Division, Key } = found.Content
  const noun = topics[Topic]
  return noun === undefined ? 'ignore' : { administration: String(Division), noun, ...(Key && { id: Key }) }
}

function eventIn(bytes: Buffer): z.output<typeof event> | undefined {
  try {
    return event.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return undefined
  }
}

/** The path without what names one connection, whichever host it is reached at. */
const placeOf = (callback: string | undefined): string | undefined =>
  callback !== undefined && URL.canParse(callback) ? new URL('.', callback).pathname : undefined

/** Subscriptions cannot be changed, only deleted and made anew (seen in issues). */
export function hintsOf(at: Connection<unknown>, wire: Wire): NonNullable<Books['hints']> {
  const subscriptions = () => exactCalls(chosenDivision(at), wire, 'import').all(resource, webhookSubscription)
  const path = () => `/api/v1/${chosenDivision(at)}/${resource}`
  const write = async (call: Pick<Call, 'method' | 'path' | 'body'>) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const answer = await wire.send({ ...call, headers, endpoint: resource, safe: false, priority: 'import' })
    return isSuccess(answer) ? undefined : readingProblem(answer, wire.clock.now())
  }
  const remove = async (id: string) => {
    const problem = await write({ method: 'DELETE', path: `${path()}(guid'${id}')` })
    // Somebody else was first.
    if (problem && problem.theirStatus !== 404) throw new ProblemError(problem)
  }
  return {
    async start(callback) {
      const [user] = await exactCalls('current', wire, 'import').all('Me', me)
      const present = await subscriptions()
      const ask = (Topic: string) =>
        write({ method: 'POST', path: path(), body: JSON.stringify({ CallbackURL: callback, Topic }) })
      for (const Topic of Object.keys(topics)) {
        const mine = present.filter((one) => one.Topic === Topic && one.UserID === user?.UserID)
        // Also one to the same address: when nobody answered there at first it stays silent for ever.
        for (const { ID, CallbackURL } of mine) if (CallbackURL === callback) await remove(ID)
        let problem = await ask(Topic)
        // One to where we were reached before stands in the way; what other programs asked for is theirs.
        const former = mine.filter(
          (one) => one.CallbackURL !== callback && placeOf(one.CallbackURL) === placeOf(callback),
        )
        if (problem?.code === 'already-exists' && former.length > 0) {
          for (const { ID } of former) await remove(ID)
          problem = await ask(Topic)
        }
        // Another user of the same licence and app has asked for this topic: its events come to the same app.
        if (problem && problem.code !== 'already-exists') throw new ProblemError(problem)
      }
    },
    async stop(callback) {
      for (const { ID, CallbackURL } of await subscriptions()) if (CallbackURL === callback) await remove(ID)
    },
  }
}
