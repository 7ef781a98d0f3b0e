/**
 * The pictures in README and docs, from the running product with the sample firm: `npx node scripts/pictures.ts`.
 * It starts a server of its own, walks to where there is something to see, and stops again.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, dateIn, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import type { Page } from 'playwright-core'
import { createLog } from '../server/src/log.ts'
import { startProgram } from '../server/src/program.ts'
import { readSettings } from '../server/src/settings.ts'
import { freePort } from '../server/src/testing/program.ts'
import {
  chooseSettings,
  connectSandbox,
  post,
  samplePeople,
  saveRules,
  sendLastMonth,
  setUpSample,
} from '../server/src/testing/sample-road.ts'
import { launchChromium } from './chromium.ts'
import { smallerPng } from './smaller-png.ts'

const folder = join(import.meta.dirname, '../docs/pictures')
/** Larger pictures make the front page slow to open. */
const mostBytes = 240_000

const dataDir = await mkdtemp(join(tmpdir(), 'uurwerk-pictures-'))
const port = await freePort()
const base = `http://127.0.0.1:${port}`
const settings = readSettings({ PORT: String(port), PUBLIC_URL: base, DATA_DIR: dataDir, SANDBOX: 'on' })
const program = await startProgram({ settings, log: createLog('error') })
const browser = await launchChromium()
try {
  await mkdir(folder, { recursive: true })
  const sanne = await setUpSample(base, 'en')
  const firm = `${base}/f/${sanne.firm}`
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
  })
  const signedIn = await context.request.post(`${base}/api/v1/session`, {
    data: samplePeople.sanne,
    headers: { origin: base },
  })
  if (!signedIn.ok()) throw new Error(`sign-in: ${signedIn.status()}`)
  const page = await context.newPage()

  // A whole week, whatever day it is today, and the meaning of what is being typed.
  const { year, week } = weekOf(addDays(dateIn('Europe/Amsterdam', new Date()), -7))
  await open(page, `${firm}/time?year=${year}&week=${week}`, 'My hours')
  await page
    .getByRole('gridcell', { name: /Wednesday.*empty/ })
    .first()
    .click()
  await page.keyboard.type('1,5')
  await take(page, 'week')

  const invoiceIds = await sendLastMonth(sanne)
  const connectionId = await connectSandbox(sanne)
  await chooseSettings(sanne, connectionId)
  await saveRules(sanne, connectionId, { without: ['eu-business'] })
  await sanne.good('POST', `/connections/${connectionId}/imports`, {})
  await open(page, `${firm}/invoices/preview?invoices=${JSON.stringify(invoiceIds)}`, '2 sales entries to Exact Online')
  await take(page, 'preview')

  await open(page, `${firm}/settings/connections/${connectionId}`, 'Exact Online')
  await take(page, 'connection')

  // One is in the books; then the bookkeeper blocks the account, and Exact Online refuses the other in its own words.
  await saveRules(sanne, connectionId)
  await post(sanne, invoiceIds.slice(0, 1))
  const { sandboxPage } = await sanne.good<{ sandboxPage: string }>('GET', `/connections/${connectionId}`)
  const worldId = new URL(sandboxPage, base).pathname.split('/')[2] ?? ''
  await program.services.connections.sandbox.change(worldId, (world) => {
    for (const [id, account] of Object.entries(world.tables.GLAccounts ?? {})) {
      if (account.Code !== '8010') continue
      Object.assign(account, { IsBlocked: true })
      world.changed.add(`GLAccounts/${id}`)
    }
  })
  await post(sanne, invoiceIds.slice(1))
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await open(page, `${firm}/postings`, 'Postings')
  await page.getByRole('row').filter({ hasText: 'Blocked' }).first().click()
  await page.getByRole('article').waitFor()
  await take(page, 'postings')
} finally {
  await browser.close()
  await program.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function open(page: Page, address: string, heading: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'hidden' })
  await page.evaluate('document.fonts.ready')
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`)
  // Colours and skeletons come to rest.
  await page.waitForTimeout(500)
  const picture = smallerPng(await page.screenshot())
  console.log(`${path}: ${Math.round(picture.length / 1000)} kB`)
  if (picture.length > mostBytes) throw new Error(`${name} takes ${picture.length} bytes, more than ${mostBytes}`)
  await writeFile(path, picture)
}
