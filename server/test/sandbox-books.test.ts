import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'

let app: ConnectedApp
let at: Office
let page: string
beforeAll(async () => {
  app = await connectedApp()
  at = await office(app)
  await at.connect()
  const world = await app.services.store.withFirm(at.firm.id, (trx) =>
    app.services.connections.sandbox.find({ trx, firmId: at.firm.id }, 'exact-online'),
  )
  page = `${app.origin}/sandbox/${world}/exact-online/books`
})
afterAll(() => app.close())

type Person = Awaited<ReturnType<Office['firm']['signedInAs']>>

/** Sends a form of the page, as the browser of this person does. */
const act = ({ cookie, origin }: Pick<Person, 'cookie' | 'origin'>, fields: Record<string, string>) =>
  fetch(page, { method: 'POST', headers: { cookie, origin }, body: new URLSearchParams(fields), redirect: 'manual' })

const typed = { act: 'type-entry', customer: '10012', reference: 'F-77', date: '2026-03-31', amount: '100,00' }
const references = () =>
  app.changeWorld(at.firm.id, ({ tables }) => Object.values(tables.SalesEntries ?? {}).map(({ YourRef }) => YourRef))

describe('the page of the books of a sandbox', () => {
  it('carries out what an administrator does by hand, and shows it', async () => {
    const person = await at.firm.signedInAs('administrator')
    const answer = await act(person, typed)
    expect(answer.status).toBeLessThan(400)
    expect(await references()).toEqual(['F-77'])
    const shown = await fetch(page, { headers: { cookie: person.cookie } })
    expect(await shown.text()).toContain('F-77')
    expect(shown.headers.get('content-security-policy')).toContain("form-action 'self'")
  })

  it('says why the books refuse something', async () => {
    const person = await at.firm.signedInAs('administrator')
    const answer = await act(person, { ...typed, reference: 'F-78', customer: '10020' })
    expect(await answer.text()).toMatch(/Ongeldig: Klant \(Type\)|Invalid: Customer \(Type\)/)
    expect(await references()).not.toContain('F-78')
  })

  it('is not there for who may not change connections, and takes no form of another site', async () => {
    const [employee, administrator] = [await at.firm.signedInAs('employee'), await at.firm.signedInAs('administrator')]
    expect((await act(employee, { ...typed, reference: 'F-79' })).status).toBe(404)
    const foreign = { cookie: administrator.cookie, origin: 'https://elsewhere.example' }
    expect((await act(foreign, { ...typed, reference: 'F-79' })).status).toBe(403)
    expect((await act({ cookie: '', origin: administrator.origin }, typed)).status).toBe(404)
    expect(await references()).toEqual(['F-77'])
  })
})
