import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createIntl, createIntlCache, type IntlShape } from '@formatjs/intl'
import axe from 'axe-core'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterEach, beforeEach, expect } from 'vitest'
import { launchChromium } from '../../../scripts/chromium.ts'
import type { Language } from '../http/call.ts'
import { type TestProgram, testProgram } from './program.ts'

const root = join(import.meta.dirname, '../../..')
const cache = createIntlCache()

type Values = Readonly<Record<string, string | number>>

/** The words of the screens, as a person reads them. */
export interface Words {
  /** A word with its values, as it stands on the page. */
  (word: string, values?: Values): string
  /** The same where not every value is known beforehand. */
  like(word: string, values?: Values): RegExp
}

function readWebWords(language: Language): Record<string, string> {
  const folder = join(root, 'web/src/words', language)
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))))
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export function wordsOf(language: Language): Words {
  const messages = readWebWords(language)
  const intl: IntlShape<string> = createIntl(
    {
      locale: language === 'nl' ? 'nl-NL' : 'en-GB',
      messages,
      onError: (error) => {
        throw error
      },
    },
    cache,
  )
  const say = (word: string, values: Values = {}) => {
    if (!(word in messages)) throw new Error(`${word} is not in web/src/words/${language}`)
    return String(intl.formatMessage({ id: word }, { ...values, b: (parts) => parts.join('') }))
  }
  return Object.assign(say, {
    like(word: string, values: Values = {}) {
      const unknown = '\u0001'
      const names = [...(messages[word] ?? '').matchAll(/\{(\w+)/g)].map(([, name = '']) => name)
      const filled = { ...Object.fromEntries(names.map((name) => [name, unknown])), ...values }
      return new RegExp(`^${escaped(say(word, filled)).replaceAll(unknown, '.+')}$`)
    },
  })
}

const programWords = new Set(Object.keys(readWebWords('en')))

/**
 * Runs in the page: whatever text or name appears that is the key of a word, or says that one is missing, is an error
 * of the page.
 */
const watchWords = `(() => {
  const keys = new Set(${JSON.stringify([...programWords])})
  const files = new Set([...keys].map((key) => key.split('.')[0]))
  const said = new Set()
  const look = (text) => {
    for (const [found] of text.matchAll(/[a-z][a-z-]*(?:\\.[A-Za-z][\\w-]*)+|MISSING/g)) {
      const known = keys.has(found) || found === 'MISSING'
      const looks = files.has(found.split('.')[0]) && text.trim() === found
      if ((known || looks) && !said.has(found)) {
        said.add(found)
        console.error('A word is missing: ' + text.slice(0, 200))
      }
    }
  }
  const names = ['aria-label', 'placeholder', 'title', 'alt']
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) look(node.data)
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches('script, style, pre')) return
    for (const name of names) if (node.hasAttribute(name)) look(node.getAttribute(name))
    for (const child of node.childNodes) walk(child)
  }
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(['Refused by the content policy:', event.effectiveDirective, event.blockedURI, event.sourceFile, event.sample].join(' '))
  })
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'childList') change.addedNodes.forEach(walk)
      else walk(change.target)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: names })
})()`

export interface VisitOptions {
  readonly language?: Language
  readonly width?: number
  readonly height?: number
  readonly theme?: 'light' | 'dark'
  /** Signs in by the API, so that the page begins there. */
  readonly as?: { readonly email: string; readonly password: string }
}

/** One person at one browser. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly t: Words
  /** A refusal that belongs to the journey: `expects(412, '/api/v1/customers/')`. */
  expects(status: number, path: string): void
  /** What went wrong that nobody sees, since it was asked last. */
  takeComplaints(): string[]
}

export interface Journeys {
  readonly program: TestProgram
  readonly base: string
  visit(options?: VisitOptions): Promise<Visit>
  stop(): Promise<void>
}

const width = { desktop: 1440, phone: 390 } as const

export { width as windowWidth }

let running: Promise<Browser> | undefined

/** One Chromium for the files of a run, which share this module; it ends with their process. */
async function sharedChromium(): Promise<Browser> {
  const before = await running?.catch(() => undefined)
  if (before?.isConnected()) return before
  running = launchChromium()
  return running
}

/** The built web, the whole program and a Chromium; what any page does wrong fails the test that it happens in. */
export async function startJourneys(env: Readonly<Record<string, string>> = {}): Promise<Journeys> {
  if (!existsSync(join(root, 'web/dist/index.html')))
    throw new Error('web/dist is missing: "npm test" builds the web first, "node scripts/build-web.ts" does it alone')
  const program = await testProgram(env)
  let browser: Browser
  try {
    browser = await sharedChromium()
  } catch (error) {
    await program.stop()
    throw error
  }
  const visits = new Set<Visit>()
  const { base } = program
  current = program
  return {
    program,
    base,
    async visit(options = {}) {
      const one = await newVisit(browser, base, options)
      visits.add(one)
      open.push(one)
      one.context.on('close', () => visits.delete(one))
      return one
    },
    async stop() {
      for (const one of visits) if (open.includes(one)) open.splice(open.indexOf(one), 1)
      await Promise.all([...visits].map(({ context }) => context.close()))
      if (current === program) current = undefined
      await program.stop()
    },
  }
}

async function newVisit(browser: Browser, base: string, options: VisitOptions): Promise<Visit> {
  const language = options.language ?? 'en'
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width: options.width ?? width.desktop, height: options.height ?? 900 },
    colorScheme: options.theme ?? 'light',
    locale: language === 'nl' ? 'nl-NL' : 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
    ...((options.width ?? width.desktop) < 500 ? { hasTouch: true, isMobile: true } : {}),
  })
  context.setDefaultTimeout(10_000)
  await context.addInitScript(watchWords)
  const complaints: string[] = []
  const expected: { readonly status: number; readonly path: string }[] = []
  const pathOf = (url: string) => url.replace(base, '')
  const mayAnswer = (status: number, method: string, path: string) =>
    // Whether somebody is signed in can only be asked.
    (status === 401 && method === 'GET' && path === '/api/v1/session') ||
    expected.some((one) => one.status === status && path.startsWith(one.path))
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    // Said of every refusal; which of them may be is judged by its answer.
    if (message.text().startsWith('Failed to load resource: the server responded')) return
    complaints.push(`console: ${message.text()}`)
  })
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== base && protocol !== 'data:' && protocol !== 'blob:')
      complaints.push(`unknown request: ${request.method()} ${request.url()}`)
  })
  context.on('requestfailed', (request) => {
    // Left behind when a page is left, such as the stream of events.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      complaints.push(`failed: ${request.method()} ${pathOf(request.url())} ${request.failure()?.errorText}`)
  })
  context.on('response', (answer) => {
    const [status, method, path] = [answer.status(), answer.request().method(), pathOf(answer.url())]
    if (status >= 400 && !mayAnswer(status, method, path)) complaints.push(`${status}: ${method} ${path}`)
  })
  if (options.as) {
    const answer = await context.request.post('/api/v1/session', { data: options.as, headers: { origin: base } })
    if (!answer.ok()) throw new Error(`${options.as.email} cannot sign in: ${answer.status()} ${await answer.text()}`)
  }
  const page = await context.newPage()
  return {
    page,
    context,
    t: wordsOf(language),
    takeComplaints: () => complaints.splice(0),
    expects: (status, path) => expected.push({ status, path }),
  }
}

/** Of the test file that runs now; journeys run one after another. */
const open: Visit[] = []
let current: TestProgram | undefined

/** In each journey file: pictures of what failed, and no test passes whose pages complained. */
export function watchVisits(): void {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async ({ task }) => {
      mkdirSync(join(root, 'test-results'), { recursive: true })
      const name = task.name.replaceAll(/\W+/g, '-').slice(0, 80)
      for (const [at, { page }] of open.entries()) {
        if (page.isClosed()) continue
        const path = join(root, 'test-results', `${name}-${at}.png`)
        await page.screenshot({ path, timeout: 5_000 }).catch(() => undefined)
        console.error(`${page.url()} is in ${path}`)
      }
    })
  })
  afterEach(() => {
    const all = open.flatMap((one) => one.takeComplaints())
    for (const [at, one] of [...open.entries()].reverse()) if (one.page.isClosed()) open.splice(at, 1)
    expect(all, 'what the pages complained about').toEqual([])
  })
}

/** Before each test of the file a minute passes in the program: what the one before asked of a package counts no longer. */
export function passAMinute(): void {
  beforeEach(() => current?.forward(60_000))
}

/** For a file whose tests are steps of one road: what comes after a step that failed is not tried. */
export function stopAtFirstFailure(): void {
  const broken = new Set<string>()
  const roadOf = (name: string) => name.split(' > ')[1] ?? ''
  beforeEach(({ task, skip }) => {
    if (broken.has(roadOf(task.fullName))) skip()
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') broken.add(roadOf(task.fullName))
  })
}

/**
 * What axe calls serious or critical. Of a page that was made dark by `wear` the colours alone: the rest is what it was
 * in the light.
 */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`typeof axe === 'object'`))) await page.evaluate(axe.source)
  const rules = worn.get(page) === 'dark' ? `runOnly: ['color-contrast'],` : ''
  // No rule that is left on reads what it would load beforehand, and only what is found comes out of the page.
  return page.evaluate(`(async () => {
    const { violations } = await axe.run({ ${rules} resultTypes: ['violations'], preload: false })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => {
        const where = nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 200) + ' ' + (any[0]?.message ?? ''))
        return id + ', ' + help + ': ' + nodes.length + '× ' + where.join('; ')
      })
  })()`)
}

const worn = new WeakMap<Page, 'light' | 'dark'>()

/** Light or dark at once: a colour on its way from one to the other is judged as neither. */
export async function wear(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(`if (document.adoptedStyleSheets.length === 0) {
    const still = new CSSStyleSheet()
    still.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }')
    document.adoptedStyleSheets = [still]
  }`)
  worn.set(page, colorScheme)
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' })
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
}

/** In the light and in the dark, and nothing that has to be scrolled sideways. */
export async function isSound(page: Page): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await wear(page, scheme)
    expect(await seriousFindings(page), `${scheme} ${page.url()}`).toEqual([])
  }
  await wear(page, 'light')
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), page.url()).toBe(true)
}

/** A field for a password has no role; its label may carry the star of what is required. */
export const passwordField = (page: Page, label: string): Locator =>
  page.getByLabel(new RegExp(`^${escaped(label)}( \\*)?$`))

/** Presses a button of the bar under a selection, which stands behind "More" where there is no room for it. */
export async function pressInBar({ page, t }: Pick<Visit, 'page' | 't'>, name: string | RegExp): Promise<void> {
  const bar = page.getByRole('region', { name: t('table.selection') })
  const act = bar.getByRole('button', { name })
  const more = bar.getByRole('button', { name: t('table.more'), exact: true, expanded: false })
  const giveUp = Date.now() + 60_000
  for (;;) {
    await act.or(more).first().waitFor()
    try {
      // What is added up arrives after the buttons and may take their room: then it is pressed once more.
      if (!(await act.isVisible())) await more.click({ timeout: 2_000 })
      return await act.click({ timeout: 2_000 })
    } catch (error) {
      if (Date.now() > giveUp) throw error
    }
  }
}

/** Chooses in a field that searches: opens it, types, takes what is called so. */
export async function pick(page: Page, field: Locator, text: string, option: string | RegExp = text): Promise<void> {
  await field.click()
  await field.fill(text)
  await page.getByRole('option', { name: option }).first().click()
}
