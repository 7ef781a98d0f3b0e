/**
 * Pictures of pages, to be looked at:
 *
 *   npx node scripts/screenshots.ts --base http://127.0.0.1:3000 --routes /f/noordkade/time,/f/noordkade/invoices \
 *     --themes light,dark --widths 1440,390 --langs nl,en --email sanne@noordkade.example --password …
 *
 * `--full` takes the whole length of what scrolls; `--out` is `.cache/screenshots` when left out. Ends with 1 when a
 * page wrote an error to its console or overflows its width.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'

const { values: given } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:3000' },
    routes: { type: 'string', default: '/' },
    out: { type: 'string', default: '.cache/screenshots' },
    themes: { type: 'string', default: 'light,dark' },
    widths: { type: 'string', default: '1440,390' },
    langs: { type: 'string', default: 'nl,en' },
    height: { type: 'string', default: '960' },
    email: { type: 'string' },
    password: { type: 'string' },
    full: { type: 'boolean', default: false },
  },
})

const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

const fileName = (route: string, theme: string, width: string, language: string) =>
  `${route.replaceAll(/[^\w-]+/g, '_').replaceAll(/^_+|_+$/g, '') || 'home'}-${width}-${theme}-${language}.png`

type Kept = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

/** Signs in by the API, once; the session's cookie serves every picture. */
async function signIn(browser: Browser, base: string, email: string, password: string): Promise<Kept> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${base}/api/v1/session`, {
    data: { email, password },
    headers: { origin: base },
  })
  if (!answer.ok()) throw new Error(`sign-in of ${email} was refused: ${answer.status()} ${await answer.text()}`)
  const kept = await context.storageState()
  await context.close()
  return kept
}

// Scripts for the page are text: the types of a browser are not those of a program.
const isThere = `document.querySelector('h1') !== null && !document.querySelector('[aria-busy=true]')`
const tallest = `window.innerHeight + Math.max(0, ...[...document.querySelectorAll('main, main *')]
  .filter((node) => !node.closest('[role=grid], [role=treegrid]'))
  .map((node) => node.scrollHeight - node.clientHeight).filter((more) => more > 40))`
const tooWide = 'document.documentElement.scrollWidth - window.innerWidth'

async function settled(page: Page): Promise<void> {
  // Events keep a connection open for good, so "no traffic" would never come.
  await page.waitForLoadState('load')
  await page.waitForFunction(isThere, null, { timeout: 5_000 }).catch(() => undefined)
  await page.evaluate('document.fonts.ready')
  await page.waitForTimeout(250)
}

/** What scrolls inside the page is let out, so that one picture holds all of it. */
async function unroll(page: Page): Promise<void> {
  const height = Number(await page.evaluate(tallest))
  const size = page.viewportSize()
  if (size) await page.setViewportSize({ width: size.width, height: Math.min(height, 12_000) })
  await page.waitForTimeout(200)
}

const browser = await launchChromium()
const complaints: string[] = []
try {
  const out = resolve(given.out)
  await mkdir(out, { recursive: true })
  const kept =
    given.email && given.password ? await signIn(browser, given.base, given.email, given.password) : undefined
  for (const theme of list(given.themes)) {
    for (const width of list(given.widths)) {
      for (const language of list(given.langs)) {
        const context = await browser.newContext({
          // Waiting until a page is quiet evaluates text, which our own policy forbids.
          bypassCSP: true,
          viewport: { width: Number(width), height: Number(given.height) },
          colorScheme: theme === 'dark' ? 'dark' : 'light',
          reducedMotion: 'reduce',
          locale: language === 'nl' ? 'nl-NL' : 'en-GB',
          timezoneId: 'Europe/Amsterdam',
          ...(kept ? { storageState: kept } : {}),
        })
        await context.addInitScript(`localStorage.setItem('uurwerk.language', '${language}')`)
        for (const route of list(given.routes)) {
          const page = await context.newPage()
          const name = fileName(route, theme, width, language)
          page.on('console', (message) => message.type() === 'error' && complaints.push(`${name}: ${message.text()}`))
          page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
          await page.goto(given.base + route)
          await settled(page)
          const over = Number(await page.evaluate(tooWide))
          if (over > 0) complaints.push(`${name}: ${over} px wider than the window`)
          if (given.full) await unroll(page)
          await page.screenshot({ path: join(out, name) })
          console.log(join(out, name))
          await page.close()
        }
        await context.close()
      }
    }
  }
} finally {
  await browser.close()
}
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exitCode = 1
