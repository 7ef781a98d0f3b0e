/**
 * How long the week grid takes from a key to the picture, with sixty rows:
 *
 *   npx node scripts/measure-week-grid.ts --base http://127.0.0.1:3000 --firm noordkade --email … --password …
 *
 * The week is the server's, filled up to sixty rows on the way to the page; saving is answered at once. Ends with 1
 * when more than one key in twenty took longer than 50 ms.
 */
import { parseArgs } from 'node:util'
import { launchChromium } from './chromium.ts'

const { values: given } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:3000' },
    firm: { type: 'string', default: 'bureau-noordkade-b-v' },
    email: { type: 'string', default: 'joris@noordkade.example' },
    password: { type: 'string', default: 'noordkade-demo' },
    rows: { type: 'string', default: '60' },
    most: { type: 'string', default: '50' },
  },
})

type Entry = Record<string, unknown> & { projectName: string }

const browser = await launchChromium()
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 960 }, reducedMotion: 'reduce' })
  const answer = await context.request.post(`${given.base}/api/v1/session`, {
    data: { email: given.email, password: given.password },
    headers: { origin: given.base },
  })
  if (!answer.ok()) throw new Error(`sign-in was refused: ${answer.status()}`)
  const page = await context.newPage()
  let seen: { entries: Entry[]; days: Array<{ date: string }> } | undefined
  await page.route('**/api/v1/weeks/**', async (route) => {
    const response = await route.fetch()
    const week = (await response.json()) as { entries: Entry[]; days: Array<{ date: string }> }
    const [sample] = week.entries
    // The weeks beside it are fetched beforehand, and one of them may be empty.
    if (!sample && seen) return route.fulfill({ response, json: week })
    if (!sample) throw new Error('the week has no hours to make sixty rows of')
    week.entries = Array.from({ length: Number(given.rows) }, (_, row) =>
      week.days.slice(0, 4).map(({ date }, day) => ({
        ...sample,
        id: crypto.randomUUID(),
        date,
        minutes: 15 + row + day,
        projectId: `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`,
        projectName: `Project ${row}`,
        locked: false,
        note: row % 5 === 0 ? 'Note' : '',
      })),
    ).flat()
    seen = week
    await route.fulfill({ response, json: week })
  })
  await page.route('**/api/v1/hours**', async (route) => {
    const request = route.request()
    if (request.method() === 'GET') return route.continue()
    const body = (request.postDataJSON() ?? {}) as Record<string, unknown>
    const before = seen?.entries.find(({ id }) => request.url().endsWith(String(id))) ?? seen?.entries[0]
    await route.fulfill({ status: 200, json: { ...before, ...body, version: 2 } })
  })
  await page.goto(`${given.base}/f/${given.firm}/time`)
  await page.getByRole('gridcell').first().waitFor()
  // From the key to the next picture, as the browser itself counts it (Event Timing, rounded to 8 ms).
  await page.evaluate(`
    globalThis.slow = []
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') globalThis.slow.push(entry.duration)
    }).observe({ type: 'event', durationThreshold: 16, buffered: false })
  `)
  await page.getByRole('gridcell').first().click()
  let keys = 0
  const press = async (key: string) => {
    keys += 1
    await page.keyboard.press(key)
    await page.waitForTimeout(40)
  }
  for (let row = 0; row < 15; row += 1) {
    for (const key of ['1', ':', '3', '0', 'Tab', '9', '0', 'm', 'Enter', 'ArrowLeft', 'Delete']) await press(key)
  }
  await page.waitForTimeout(300)
  const durations = (await page.evaluate('globalThis.slow')) as number[]
  const sorted = durations.toSorted((a, b) => b - a)
  const slowest = sorted[0] ?? 0
  // Keys below 16 ms are not reported, so the list is shorter than the keys; one hiccup of the machine is no verdict.
  const most = sorted[Math.floor(keys * 0.05)] ?? 16
  console.log(`${keys} keys on ${given.rows} rows: 95 of 100 within ${most} ms, the slowest ${slowest} ms`)
  if (most > Number(given.most)) process.exitCode = 1
} finally {
  await browser.close()
}
