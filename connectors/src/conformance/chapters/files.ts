import { describe, expect, it } from 'vitest'
import type { Kind } from '../../contract/documents.ts'
import { archived, attachment, salesEntry } from '../sample-documents.ts'
import { cents, expectEachOnce, only, type Ready, receiptOf, type Suite } from '../suite.ts'

/** Files, and the archived documents they hang on: postings of their own, behind an entry that stands by itself. */
export function describeFiles(suite: Suite): void {
  const { ready, driverOf, postsOf, documentsOf, has, canFail, expectWords, harness } = suite
  const { byHand } = harness
  const hanging = (['document', 'attachment'] as const satisfies readonly Kind[]).filter(has)

  /** An entry and, where there are such things, its document: what a file hangs on. */
  async function parents(at: Ready) {
    const { bench, chosen, known } = at
    const driver = driverOf(bench)
    const entry = receiptOf(await driver.post('salesEntry', [salesEntry(chosen, 'FILED')], known), 'FILED')
    if (!has('document')) return { entry, parent: entry }
    const ended = await driver.post('document', [archived(chosen, 'FILED')], { ...known, parent: entry })
    return { entry, parent: receiptOf(ended, 'FILED') }
  }

  describe.runIf(has('document'))('a document in the archive', () => {
    it('belongs to its entry, with customer, date and amount', async () => {
      const at = await ready()
      const { entry, parent } = await parents(at)
      const document = archived(at.chosen, 'FILED')
      const [booked] = only(at.bench.booked(), 'document', 'FILED')
      expect(booked).toMatchObject({
        id: parent.id,
        parent: entry.id,
        customer: at.chosen.customer,
        date: document.date,
        currency: 'EUR',
      })
      expect(cents(booked?.gross)).toBe(cents(document.gross))
    })
  })

  describe.runIf(has('attachment'))('a file', () => {
    it('comes back byte for byte, with é, ß, € and & in its name', async () => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf('attachment', at)
      const ended = await driverOf(at.bench).post('attachment', documents, knownOf)
      expectEachOnce(at.bench.booked(), 'attachment', ended, hungOf)
      for (const { reference, fileName, bytesBase64 } of documents)
        expect(only(at.bench.booked(), 'attachment', reference, hungOf(reference))).toMatchObject([
          { parent: knownOf(reference).parent?.id, fileName, bytesBase64 },
        ])
    })

    it('stands beside another one on the same document, each once', async () => {
      const at = await ready()
      const { parent } = await parents(at)
      const files = ['F1', 'F2', 'F3'].map(attachment)
      if (canFail('loseAnswerAfter', 'attachment')) at.bench.fault('loseAnswerAfter', { post: 'attachment' })
      const ended = await driverOf(at.bench).post('attachment', files, { ...at.known, parent })
      expectEachOnce(at.bench.booked(), 'attachment', ended, (reference) => ({
        parent: parent.id,
        fileName: attachment(reference).fileName,
      }))
    })

    it.each(hanging)('leaves its entry alone when it fails: %s', async (kind) => {
      const at = await ready()
      const { entry } = await parents(at)
      const standing = () => only(at.bench.booked(), 'salesEntry', 'FILED')
      const before = standing()
      const { documents, knownOf } = await documentsOf(kind, at)
      const words = 'Dit bestand past hier niet'
      at.bench.fault('unknownMessage', { post: kind }, { times: 3, value: words })
      const ended = await driverOf(at.bench).post(kind, documents, knownOf)
      expect([...ended.values()].map(({ is }) => is)).toEqual(['refused', 'refused', 'refused'])
      expect(standing()).toEqual(before)
      const read = await postsOf(at.bench, 'salesEntry').read?.([entry.id])
      if (read) expect(read.get(entry.id)).toMatchObject({ id: entry.id, hash: entry.hash })
    })

    it('is refused with an explanation when its entry was deleted', async () => {
      const at = await ready()
      const driver = driverOf(at.bench)
      const ended = await driver.post('salesEntry', [salesEntry(at.chosen, 'DELETED')], at.known)
      const parent = receiptOf(ended, 'DELETED')
      byHand.deleteEntry(at.bench, parent.id)
      const known = { ...at.known, parent }
      const late = has('document')
        ? await driver.post('document', [archived(at.chosen, 'LATE')], known)
        : await driver.post('attachment', [attachment('LATE')], known)
      const end = late.get('LATE')
      expect(end?.is).toBe('refused')
      expectWords(end?.is === 'refused' ? end.problem : undefined)
    })
  })
}
