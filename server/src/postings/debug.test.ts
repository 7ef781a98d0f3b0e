import { fakeForms, fakeHarness, fakePackage } from '@uurwerk/connectors/conformance/fake/index.ts'
import { it } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { openOffice } from './testing/office.ts'
it('debug', async () => {
  const database = await testDatabase()
  const form = fakeForms[6]!
  const at = await openOffice({ store: database.store, connector: fakePackage(form).connector, harness: fakeHarness(form), seed: 5 })
  const known = await at.addCustomer({ theirs: at.chosen.customer })
  const fresh = await at.addCustomer()
  await at.decide([await at.addInvoice({ customerId: known }), await at.addInvoice({ customerId: fresh })])
  at.bench.fault('lateCommit', { post: 'salesEntry' }, { value: 20_000 })
  for (let i = 0; i < 12; i++) {
    const r = await at.worker().run()
    console.log(at.bench.clock.now().toISOString(), r)
    if (r !== 'died' && r.is === 'rested' && r.nextAt) at.bench.clock.advanceTo(r.nextAt)
  }
  for (const p of await at.postings()) console.log(p.kind, p.state, p.problem, await at.steps(p.id))
  console.log(at.bench.log.join('\n'))
  await database.close()
})
