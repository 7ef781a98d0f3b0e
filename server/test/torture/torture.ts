import { type FakeForm, fakeForms, fakeHarness, fakePackage } from '@uurwerk/connectors/conformance/fake/index.ts'
import type { FaultName, Harness } from '@uurwerk/connectors/conformance/harness.ts'
import type { Connector } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Random } from '@uurwerk/core/shared/ports.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { discard, sendAgain } from '../../src/postings/actions.ts'
import type { LaneResult } from '../../src/postings/lane.ts'
import { sweepLanes } from '../../src/postings/sweep.ts'
import { Died, type Fate, type Office, openOffice } from '../../src/postings/testing/office.ts'
import { wrongs } from '../../src/postings/testing/once.ts'
import type { Store } from '../../src/store/database.ts'

/** A package as the torture takes it; `faults` it cannot play are left out by its harness. */
export interface Subject {
  readonly name: string
  readonly connector: Connector
  readonly harness: Harness
}

export const fakeSubjects: readonly Subject[] = fakeForms.map((form: FakeForm) => {
  const { name, connector } = fakePackage(form)
  return { name, connector, harness: fakeHarness(form) }
})

const mostInvoices = 9

export interface TortureSettings {
  readonly store: Store
  readonly subjects: readonly Subject[]
  readonly runs: number
  /** Of the first run; each next one takes the next. */
  readonly seed: number
  /** Most invoices of a firm, credit notes apart; nine when left out. */
  readonly invoices?: number
  readonly onRun?: (run: TortureRun) => void
}

export interface TortureRun {
  readonly seed: number
  readonly subject: string
  readonly postings: number
  readonly events: readonly string[]
  readonly wrongs: readonly string[]
}

export interface TortureResult {
  readonly runs: number
  readonly postings: number
  /** How often each thing went wrong on purpose. */
  readonly events: Readonly<Record<string, number>>
  readonly failed: readonly TortureRun[]
}

export async function runTorture({
  store,
  subjects,
  runs,
  seed,
  invoices = mostInvoices,
  onRun,
}: TortureSettings): Promise<TortureResult> {
  const failed: TortureRun[] = []
  const events: Record<string, number> = {}
  let postings = 0
  for (let run = 0; run < runs; run += 1) {
    const ended = await tortureOnce(store, subjects, seed + run, invoices)
    postings += ended.postings
    for (const event of ended.events) events[event] = (events[event] ?? 0) + 1
    if (ended.wrongs.length > 0) failed.push(ended)
    onRun?.(ended)
  }
  return { runs, postings, events, failed }
}

/** One firm, one package, and everything that can go wrong at once; the same seed does the same. */
export async function tortureOnce(
  store: Store,
  subjects: readonly Subject[],
  seed: number,
  invoices = mostInvoices,
): Promise<TortureRun> {
  const random = seededRandom(seed)
  const dice = diceOf(random)
  const subject = dice.one(subjects)
  const at = await openOffice({ store, ...subject, seed, attaches: dice.chance(0.4) })
  const events: string[] = []
  const ended = (found: readonly string[], postings: number): TortureRun => ({
    seed,
    subject: subject.name,
    postings,
    events,
    wrongs: found,
  })
  try {
    const firm = await fillOffice(at, subject, dice, invoices)
    const storm = makeStorm(at, subject, dice, events, firm)
    await storm.blow()
    const found = [...(await wrongs(at)), ...storm.wrongs].filter((wrong) => !isExcused(wrong, events))
    return ended(found, (await at.postings()).length)
  } catch (error) {
    return ended([`broke off: ${error instanceof Error ? error.stack : String(error)}`], 0)
  } finally {
    await clearAway(at)
  }
}

/** What the package counts against us although nobody here could know better. */
const excuses: readonly { readonly wrong: string; readonly because: readonly FaultName[] }[] = [
  // The answer that told us to wait was itself lost.
  { wrong: 'breach: sooner-than-told', because: ['loseAnswerAfter', 'serverErrorAfter', 'slow'] },
  { wrong: 'breach: minute-limit 1 times', because: ['loseAnswerAfter', 'serverErrorAfter', 'slow'] },
  // One more try with the same token is how we learn whether the new one was given out.
  { wrong: 'breach: old-refresh', because: ['dropTokenAnswer'] },
]

const isExcused = (wrong: string, events: readonly string[]): boolean =>
  excuses.some((excuse) => wrong.startsWith(excuse.wrong) && excuse.because.some((event) => events.includes(event)))

/** The rows stay, for whoever looks into a failure; only what later runs would stumble over goes. */
const clearAway = (at: Office) =>
  at.within(async (trx) => {
    await trx.deleteFrom('directory.laneDue').where('laneKey', '=', at.laneKey).execute()
  })

type Dice = ReturnType<typeof diceOf>
function diceOf(random: Random) {
  const upTo = (most: number): number => Math.floor(random.next() * (most + 1))
  return {
    upTo,
    between: (least: number, most: number): number => least + upTo(most - least),
    chance: (share: number): boolean => random.next() < share,
    one<T>(of: readonly T[]): T {
      const chosen = of[upTo(of.length - 1)]
      assert(chosen !== undefined, 'nothing to choose from')
      return chosen
    },
  }
}

interface Firm {
  /** Decides a few of the invoices that nobody decided yet; false when all are. */
  decideSome(): Promise<boolean>
}

async function fillOffice(at: Office, { connector }: Subject, dice: Dice, invoices: number): Promise<Firm> {
  const customers: string[] = [await at.addCustomer({ theirs: at.chosen.customer })]
  for (let count = dice.upTo(3); count > 0; count -= 1)
    customers.push(await at.addCustomer(dice.chance(0.5) ? { number: String(5000 + count) } : {}))
  const undecided: string[] = []
  for (let count = dice.between(1, invoices); count > 0; count -= 1) {
    const lines = Array.from({ length: dice.between(1, 4) }, () => ({
      net: `${dice.upTo(2500)}.${String(dice.upTo(99)).padStart(2, '0')}`,
      reduced: dice.chance(0.3),
    }))
    const customerId = dice.one(customers)
    const invoice = { customerId, lines }
    if (dice.chance(0.15)) undecided.push(await at.addInvoice({ ...invoice, kind: 'credit' }))
    else {
      const credits = await at.addInvoice(invoice)
      // Of a credit note that is decided alone the invoice goes first by itself.
      const credit = dice.chance(0.2) ? await at.addInvoice({ ...invoice, credits }) : undefined
      undecided.push(...(credit === undefined ? [credits] : dice.chance(0.5) ? [credit] : [credits, credit]))
    }
  }
  const has = (kind: Kind) => connector.manifest.posts.includes(kind)
  const theirs: { readonly invoiceId: string; readonly customerId: string; readonly printed: boolean }[] = []
  if (has('salesInvoice'))
    for (let count = dice.upTo(3); count > 0; count -= 1) {
      const customerId = dice.one(customers)
      const lines = [{ net: `${dice.between(1, 900)}.00` }]
      theirs.push({ customerId, invoiceId: await at.addInvoice({ customerId, lines }), printed: dice.chance(0.6) })
    }
  return {
    async decideSome() {
      const made = theirs.splice(0, dice.upTo(theirs.length))
      for (const one of made) await at.addPackageInvoice(one)
      const some = undecided.splice(0, dice.between(1, undecided.length || 1))
      if (some.length === 0) return made.length > 0 || theirs.length > 0
      const { postings } = await at.decide(some)
      if (has('generalJournal') && dice.chance(0.3)) await at.addJournal()
      for (const { postingId } of postings)
        if (has('attachment') && dice.chance(0.15)) await at.addAttachment(postingId)
      // Somebody else decides the same at once.
      if (dice.chance(0.2)) await at.decide(some)
      return true
    },
  }
}

interface Storm {
  blow(): Promise<void>
  readonly wrongs: readonly string[]
}

/** The day on which every world begins. */
const startedOn = '2026-03-31'

/** After how many steps at the latest the last thing goes wrong. */
const lastStep = 120

function makeStorm(at: Office, subject: Subject, dice: Dice, events: string[], firm: Firm): Storm {
  const found: string[] = []
  const plan = new Map<number, () => Promise<void> | void>()
  const parked: (() => void)[] = []
  const late: Promise<LaneResult | 'died'>[] = []
  let step = 0
  let calm = false
  let onParked = () => {}
  for (let count = dice.upTo(9); count > 0; count -= 1) plan.set(dice.upTo(lastStep), drawEvent())

  function drawEvent(): () => Promise<void> | void {
    const drawn = dice.upTo(99)
    if (drawn < 25)
      return () => {
        events.push('process dies')
        throw new Died()
      }
    if (drawn < 40)
      return () => {
        events.push('worker held up')
        return new Promise<void>((release) => {
          parked.push(release)
          onParked()
        })
      }
    if (drawn < 48)
      return () => {
        events.push('clock jumps')
        at.bench.clock.advance(dice.one([5_000, 45_000, 400_000, 4_000_000]))
      }
    if (drawn < 56)
      return async () => {
        events.push('decided meanwhile')
        await firm.decideSome()
      }
    if (drawn < 60) return withdraw
    if (drawn < 68) return bookkeeper()
    return drawFault()
  }

  /** What somebody does in the package itself meanwhile. */
  function bookkeeper(): () => Promise<void> | void {
    const { byHand } = subject.harness
    return dice.one<() => Promise<void> | void>([
      () => {
        if (!byHand.reopenPeriod) return
        events.push('period closed')
        byHand.closePeriod(at.bench, dayOf(at))
      },
      async () => {
        if (!byHand.blockItem || !subject.connector.manifest.posts.includes('salesInvoice')) return
        events.push('item blocked')
        byHand.blockItem(at.bench, at.chosen.item)
      },
      async () => {
        const draft = await at.lastEntryDraft()
        const number = (draft?.body as { readonly number?: unknown } | undefined)?.number
        if (!byHand.takeNumber || !draft || typeof number !== 'number') return
        events.push('number taken')
        byHand.takeNumber(at.bench, { ...draft, body: { ...(draft.body as object), number: number + 1 } })
      },
    ])
  }

  function drawFault(): () => void {
    const kind = dice.one<Kind>([
      'customer',
      'salesEntry',
      'salesEntry',
      'salesEntry',
      'generalJournal',
      'salesInvoice',
      'printing',
      'document',
      'attachment',
    ])
    const [name, value, times] = dice.one<readonly [FaultName, number | undefined, number]>([
      ['loseAnswerAfter', undefined, dice.between(1, 3)],
      ['loseAnswerAfter', undefined, 1],
      ['lateCommit', dice.between(1, 25) * 1_000, 1],
      ['hideDocumentsFor', dice.between(1, 20) * 1_000, 1],
      ['slow', dice.between(20, 90) * 1_000, dice.between(1, 2)],
      ['loseRequestBefore', undefined, dice.between(1, 6)],
      ['tooManyRequests', dice.between(1, 90), 1],
      ['serverError', dice.one([500, 502, 503]), dice.between(1, 3)],
      ['serverErrorAfter', dice.one([502, 503]), 1],
      ['expireAccess', undefined, 1],
      ['unknownMessage', undefined, dice.between(1, 4)],
      ['dropTokenAnswer', undefined, 1],
    ])
    return () => {
      const place =
        name === 'dropTokenAnswer'
          ? 'token'
          : { post: subject.connector.manifest.posts.includes(kind) ? kind : 'salesEntry' }
      const played = at.bench.fault(name, place as Parameters<typeof at.bench.fault>[1], {
        times,
        ...(value === undefined ? {} : { value }),
      })
      if (played) events.push(name)
    }
  }

  function withdraw(): void {
    if (at.bench.fault('withdrawAccess', { post: 'salesEntry' })) events.push('access withdrawn')
  }

  const fate: Fate = async () => {
    step += 1
    if (calm) return
    const event = plan.get(step)
    plan.delete(step)
    await event?.()
  }

  /** One pass; a worker that is held up loses its lease and goes on later, when another has worked. */
  async function pass(): Promise<LaneResult | 'died' | 'held up'> {
    const isParked = new Promise<'held up'>((resolve) => {
      onParked = () => resolve('held up')
    })
    const running = at.worker(fate).run()
    const result = await Promise.race([running, isParked])
    if (result === 'held up') late.push(running)
    return result
  }

  async function goOnLate(): Promise<void> {
    if (late.length === 0) return
    const wasCalm = calm
    calm = true
    for (const release of parked.splice(0)) release()
    const results = await Promise.all(late.splice(0))
    calm = wasCalm
    for (const result of results) {
      const isRight = result === 'died' || result.is === 'lost'
      if (!isRight) found.push(`a worker without its lease ended as ${JSON.stringify(result)}`)
    }
  }

  async function untilRest(): Promise<void> {
    for (let round = 0; round < 400; round += 1) {
      const result = await pass()
      if (result === 'died' || result === 'held up') {
        await at.expireLease()
        continue
      }
      if (late.length > 0 && dice.chance(0.5)) await goOnLate()
      if (result.is === 'busy') await at.expireLease()
      if (result.is !== 'rested') continue
      if (result.nextAt) at.bench.clock.advanceTo(result.nextAt)
      // Decided when the lane had looked for the last time: nobody else knows of it.
      else if (!(await sweepLanes(at.worker().engine)).includes(at.laneKey)) return
    }
    found.push('stuck: the lane never came to rest')
  }

  return {
    wrongs: found,
    async blow() {
      await firm.decideSome()
      for (let round = 0; round < 40; round += 1) {
        await untilRest()
        await goOnLate()
        const more = await firm.decideSome()
        // What is left of the storm after this is over: the bookkeeper mends what is wrong, and everything must arrive.
        if (round === 6) {
          calm = true
          at.bench.world.state.faults.length = 0
        }
        if (!(await personActs(at, subject, dice)) && !more) return
      }
      found.push('stuck: a person acted forty times in vain')
    },
  }
}

const dayOf = (at: Office): string => at.bench.clock.now().toISOString().slice(0, 10)

/** The first day of the month after the one that is closed. */
const nextMonthOf = (at: Office): string => {
  const [year, month] = dayOf(at).split('-').map(Number) as [number, number]
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`
}

/** What a person in the office does when nothing moves: signs in again, mends, sends again. False when all is well. */
async function personActs(at: Office, { harness }: Subject, dice: Dice): Promise<boolean> {
  const { engine } = at.worker()
  const acting = { ...engine, by: null }
  const state = await at.within((trx) =>
    trx
      .selectFrom('connection')
      .select('state')
      .where('firmId', '=', at.firmId)
      .where('id', '=', at.connectionId)
      .executeTakeFirst(),
  )
  if (state?.state === 'reconnect') {
    await at.signInAgain()
    return true
  }
  const open = (await at.postings()).filter((posting) => posting.state !== 'posted' && posting.state !== 'discarded')
  if (open.length === 0) return false
  const stopped = open.filter(
    (posting) => ['refused', 'blocked', 'needs-person'].includes(posting.state) && !posting.found,
  )
  const because = (code: string) => stopped.filter(({ problem }) => problem?.code.includes(code))
  // The package names the field when it does not take the item.
  if (open.some(({ problem }) => /item|artikel/i.test(`${problem?.code} ${problem?.values?.field ?? ''}`)))
    await at.sellAnotherItem()
  const closed = because('period')
  const elsewhere = dice.chance(0.5) ? closed.filter(({ kind }) => kind === 'salesEntry').map(({ id }) => id) : []
  if (elsewhere.length > 0) {
    const ids = elsewhere
    await at.within((trx) => sendAgain({ trx, firmId: at.firmId }, acting, { ids, bookIn: nextMonthOf(at) }))
  } else if (closed.length > 0) {
    harness.byHand.reopenPeriod?.(at.bench, dayOf(at))
    harness.byHand.reopenPeriod?.(at.bench, startedOn)
  }
  // Nobody gives up an invoice whose credit note waits behind it.
  const behind = new Set(open.flatMap(({ kind, afterId }) => (kind === 'salesEntry' ? [afterId] : [])))
  const entries = stopped.filter(
    ({ id, state, kind }) => state === 'refused' && kind === 'salesEntry' && !elsewhere.includes(id) && !behind.has(id),
  )
  const given = entries.filter(() => dice.chance(0.15))
  // Who gives up an entry gives up its files with it.
  for (const { id, subjectId } of given) {
    await at.within((trx) => discard({ trx, firmId: at.firmId }, acting, id))
    await at.decide([subjectId])
  }
  const gone = new Set([...given.map(({ id }) => id), ...elsewhere])
  const ids = stopped.filter(({ id, afterId }) => !gone.has(id) && !gone.has(afterId ?? '')).map(({ id }) => id)
  if (ids.length > 0) await at.within((trx) => sendAgain({ trx, firmId: at.firmId }, acting, { ids }))
  return stopped.length > 0
}
