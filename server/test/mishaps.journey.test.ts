import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  passAMinute,
  passwordField,
  pick,
  startJourneys,
  type Visit,
  watchVisits,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import {
  chooseSettings,
  connectSandbox,
  samplePeople,
  saveRules,
  sendLastMonth,
  setUpSample,
} from '../src/testing/sample-road.ts'

/** What people and the world do wrong: a clear message at the right place, nothing lost, nothing half done. */
watchVisits()
passAMinute()

let journeys: Journeys
let sanne: TestPerson
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'en')
})
afterAll(() => journeys?.stop())

const at = (path: string) => `/f/${sanne.firm}/${path}`

describe('signing in', () => {
  it('says that address or password is wrong, and keeps the address', async () => {
    const visit = await journeys.visit({ language: 'en' })
    const { page, t } = visit
    visit.expects(401, '/api/v1/session')
    await page.goto('/')
    const email = page.getByRole('textbox', { name: t('sign-in.email') })
    await email.fill(samplePeople.joris.email)
    await passwordField(page, t('sign-in.password')).fill('not the password')
    await page.getByRole('button', { name: t('sign-in.button') }).click()
    await page.getByText('E-mail address and password do not belong together.').waitFor()
    await expect.poll(() => email.inputValue()).toBe(samplePeople.joris.email)
    await visit.context.close()
  })

  it('shows nothing of another firm', async () => {
    const visit = await journeys.visit({ language: 'nl', as: samplePeople.joris })
    const { page, t } = visit
    await page.goto('/f/another-firm/projects/0198c0de-0000-7000-8000-000000000000')
    await page.getByText(t('frame.notFound.head')).waitFor()
    await visit.context.close()
  })

  it('shows no project of another firm, also to who belongs to both', async () => {
    const { slug } = await sanne.good<{ slug: string }>('POST', '/firms', { sample: true, language: 'en' })
    const headers = { 'uurwerk-firm': slug }
    const theirs = await sanne.good<{ rows: { id: string; name: string }[] }>('GET', '/projects', undefined, headers)
    const [project] = theirs.rows
    const visit = await journeys.visit({ language: 'en', as: samplePeople.sanne })
    const { page } = visit
    visit.expects(404, '/api/v1/projects/')
    await page.goto(`/f/${slug}/projects/${project?.id}`)
    await page.getByRole('heading', { level: 1, name: project?.name }).waitFor()
    await page.goto(at(`projects/${project?.id}`))
    await page.getByRole('heading', { name: 'This is not here, or no longer' }).waitFor()
    expect(await page.getByText(project?.name ?? '').count()).toBe(0)
    visit.expects(422, '/api/v1/customers/')
    await page.goto(at('customers/half-of-an-address'))
    await page.getByRole('heading', { name: 'This is not here, or no longer' }).waitFor()
    await visit.context.close()
  })
})

describe('two people at one customer', () => {
  let first: Visit
  let second: Visit
  beforeAll(async () => {
    first = await journeys.visit({ language: 'en', as: samplePeople.sanne })
    second = await journeys.visit({ language: 'en', as: samplePeople.sanne })
  })
  afterAll(async () => {
    await first.context.close()
    await second.context.close()
  })

  it('sees both versions, keeps what was typed, and saves it after all', async () => {
    const { rows } = await sanne.good<{ rows: { id: string; name: string }[] }>('GET', '/customers')
    const { id } = rows.find(({ name }) => name.startsWith('Van Dalen')) ?? { id: '' }
    const phone = ({ page, t }: Visit) => page.getByRole('textbox', { name: t('customers.phone'), exact: true })
    const save = ({ page, t }: Visit) => page.getByRole('button', { name: t('customers.save') })
    for (const visit of [first, second]) {
      await visit.page.goto(at(`customers/${id}`))
      await phone(visit).waitFor()
    }
    first.expects(409, `/api/v1/customers/${id}`)
    await phone(first).fill('030 111 11 11')
    await phone(second).fill('030 222 22 22')
    await save(second).click()
    await expect
      .poll(async () => (await sanne.good<{ phone: string }>('GET', `/customers/${id}`)).phone)
      .toBe('030 222 22 22')
    await save(first).click()
    const notice = first.page.getByRole('alert').filter({ hasText: first.t('parts.stale.title') })
    await notice.waitFor()
    const row = notice.getByRole('row').filter({ hasText: first.t('customers.phone') })
    expect(await row.getByRole('cell').allTextContents()).toEqual(['030 222 22 22', '030 111 11 11'])
    await expect.poll(() => phone(first).inputValue()).toBe('030 111 11 11')
    await notice.getByRole('button', { name: first.t('parts.stale.mine') }).click()
    await expect
      .poll(async () => (await sanne.good<{ phone: string }>('GET', `/customers/${id}`)).phone)
      .toBe('030 111 11 11')
  })
})

describe('an amount that is none', () => {
  it('is told at the field, and stays as it was typed', async () => {
    const visit = await journeys.visit({ language: 'nl', as: samplePeople.sanne })
    const { page, t } = visit
    const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', '/activities')
    await page.goto(at(`settings/activities/${rows[0]?.id}`))
    // A field may leave it to the server; the message stands at the field all the same.
    visit.expects(422, '/api/v1/rates')
    const amount = page.getByRole('textbox', { name: t('activities.rate.amount') })
    await amount.fill('12,5x')
    await page.getByRole('button', { name: t('activities.rate.add'), exact: true }).click()
    await expect.poll(() => amount.getAttribute('aria-invalid')).toBe('true')
    await expect.poll(() => amount.inputValue()).toBe('12,5x')
    await amount.fill('131,50')
    await page.getByRole('button', { name: t('activities.rate.add'), exact: true }).click()
    await page.getByRole('cell', { name: '131,50' }).waitFor()
    await visit.context.close()
  })
})

describe('Exact Online', () => {
  let visit: Visit
  let invoiceIds: string[]
  beforeAll(async () => {
    invoiceIds = await sendLastMonth(sanne)
    visit = await journeys.visit({ language: 'nl', as: samplePeople.sanne })
  })

  const signInPage = () => visit.page.getByRole('heading', { name: 'Sign in to Exact Online (simulator)' })
  const refusal = () => visit.page.getByRole('alert')

  it('tells that access was denied', async () => {
    const { page, t } = visit
    await page.goto(at('settings/apps'))
    await page.getByRole('button', { name: t('apps.activate') }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('apps.toSignIn') })
      .click()
    await signInPage().waitFor()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { level: 1, name: 'Exact Online' }).waitFor()
    await refusal().waitFor()
    await expect.poll(() => refusal().textContent()).toMatch(/geweigerd/)
    expect(await page.getByText(t('apps.state.signingIn')).count()).toBe(1)
  })

  it('takes no sign-in that did not begin here', async () => {
    const { page, t } = visit
    await page.goto('/oauth/return?code=stolen&state=somebody-elses')
    await page.getByRole('heading', { level: 1, name: t('apps.title') }).waitFor()
    await refusal()
      .filter({ hasText: t('apps.problem.unknown.remedy') })
      .waitFor()
  })

  it('raises the alarm when who signed in has no rights there', async () => {
    const { page, t } = visit
    await page.goto(at('settings/apps'))
    await page.getByRole('link', { name: t('apps.goOn') }).click()
    await page.getByRole('button', { name: t('apps.signIn.again') }).click()
    await signInPage().waitFor()
    await page.getByRole('radio', { name: 'Pim Verkuil' }).check()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('button', { name: t('apps.administrations.choose') }).click()
    const rights = page.getByRole('listitem').filter({ hasText: t('apps.health.rights') })
    await rights.filter({ hasText: t('apps.health.bad') }).waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: t('apps.disconnect') }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('apps.disconnect') })
      .click()
    await page.getByRole('heading', { level: 1, name: t('apps.title') }).waitFor()
  })

  it('mends a missing posting rule where it is found, and then books', async () => {
    const { page, t } = visit
    const connectionId = await connectSandbox(sanne)
    await chooseSettings(sanne, connectionId)
    await saveRules(sanne, connectionId, { without: ['eu-business'] })
    await page.goto(`${at('invoices/preview')}?invoices=${JSON.stringify(invoiceIds)}`)
    await page.getByText(t('postings.preview.needsYouCount', { count: 1 })).waitFor()
    await pick(page, page.getByRole('combobox', { name: t('postings.ledgerAccount') }), '8010', /^8010/)
    const vatCode = page.getByRole('combobox', { name: t('postings.mend.vatCodeIn', { package: 'Exact Online' }) })
    await pick(page, vatCode, '7', /^7\D/)
    await page.getByRole('button', { name: t('postings.mend.saveRule') }).click()
    await page.getByText(t('postings.preview.allReady')).waitFor()
    await page.getByRole('button', { name: t('postings.preview.post', { count: 2 }) }).click()
    await page.getByText(t('postings.result.done', { count: 2 })).waitFor({ timeout: 30_000 })
  })
})
