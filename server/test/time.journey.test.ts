import { addDays, dateIn, mondayOf, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  pick,
  seriousFindings,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  wear,
  windowWidth,
} from '../src/testing/browser.ts'
import { TestPerson } from '../src/testing/program.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

/** An employee's hours where they were worked: on the calendar, by mouse, by keyboard and by finger; the timer; a week that is complete. */
watchVisits()
stopAtFirstFailure()

const today = dateIn('Europe/Amsterdam', new Date())
const { year, week } = weekOf(addDays(today, 7))
const monday = mondayOf({ year, week })
if (!monday) throw new Error('next week has a Monday')
const day = (at: number) => addDays(monday, at)

interface Entry {
  readonly id: string
  readonly date: string
  readonly startMinute: number | null
  readonly endMinute: number | null
  readonly breakMinutes: number
  readonly minutes: number
  readonly version: number
}

let journeys: Journeys
let joris: TestPerson
let firm: string
beforeAll(async () => {
  journeys = await startJourneys()
  firm = (await setUpSample(journeys.base, 'en')).firm ?? ''
  joris = new TestPerson(journeys.base)
  await joris.good('POST', '/session', samplePeople.joris)
  joris.firm = firm
})
afterAll(() => journeys?.stop())

const entries = async () => (await joris.good<{ entries: Entry[] }>('GET', `/weeks/${year}/${week}`)).entries
const told = async () =>
  (await entries()).map(({ date, startMinute, endMinute }) => `${date} ${startMinute}-${endMinute}`).toSorted()

/** Days and minutes of the calendar as points of the screen. */
async function pointAt(visit: Visit, at: number, minute: number, days = 7): Promise<{ x: number; y: number }> {
  const box = await visit.page.locator('[data-hours]').boundingBox()
  if (!box) throw new Error('no calendar')
  return { x: box.x + (box.width / days) * (at + 0.5), y: box.y + minute }
}

async function drag(visit: Visit, from: { x: number; y: number }, to: { x: number; y: number }, letGo = true) {
  const { mouse } = visit.page
  await mouse.move(from.x, from.y)
  await mouse.down()
  await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await mouse.move(to.x, to.y, { steps: 4 })
  if (letGo) await mouse.up()
}

async function expectClean(visit: Visit) {
  for (const theme of ['light', 'dark'] as const) {
    await wear(visit.page, theme)
    expect(await seriousFindings(visit.page)).toEqual([])
  }
  await wear(visit.page, 'light')
}

const blocks = ({ page }: Visit): Locator => page.locator('[data-hours] [data-entry]')

async function fill(visit: Visit, project: string, activity: string) {
  const { page, t } = visit
  const form = page.getByRole('dialog')
  await pick(page, form.getByRole('combobox', { name: t('time.entry.project') }), project)
  await pick(page, form.getByRole('combobox', { name: t('time.entry.activity') }), activity)
  return form
}

describe('a week on the calendar, in Dutch, at a desk', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', as: samplePeople.joris })
    await visit.page.goto(`/f/${firm}/time?year=${year}&week=${week}`)
  })

  it('is one of three views, and the address says which', async () => {
    const { page, t } = visit
    await page.getByText(t('time.view.calendar'), { exact: true }).click()
    await page.waitForURL((url) => url.searchParams.get('view') === 'calendar')
    await page.getByRole('application', { name: t('time.calendar.name', { week }) }).waitFor()
    await page.reload()
    await page.getByRole('application').waitFor()
  })

  it('takes an entry that is drawn with the mouse', async () => {
    const { page, t } = visit
    await drag(visit, await pointAt(visit, 1, 9 * 60 + 3), await pointAt(visit, 1, 10 * 60 + 20))
    const form = await fill(visit, 'Service portal', 'Development')
    await expect.poll(() => form.getByRole('textbox', { name: t('time.entry.from') }).inputValue()).toBe('09:00')
    await expect.poll(() => form.getByRole('textbox', { name: t('time.entry.until') }).inputValue()).toBe('10:30')
    await expectClean(visit)
    await form.getByRole('textbox', { name: t('time.entry.break') }).fill('30')
    await form.getByRole('button', { name: t('time.entry.save') }).click()
    await blocks(visit).waitFor()
    await expect.poll(told).toEqual([`${day(1)} 540-630`])
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('moves it to another day and time, and keeps its break', async () => {
    await drag(visit, await pointAt(visit, 1, 9 * 60 + 30), await pointAt(visit, 2, 11 * 60 + 32))
    await expect.poll(told).toEqual([`${day(2)} 660-750`])
    expect((await entries()).map(({ breakMinutes, minutes }) => [breakMinutes, minutes])).toEqual([[30, 60]])
  })

  it('stretches it at either end', async () => {
    await drag(visit, await pointAt(visit, 2, 12 * 60 + 28), await pointAt(visit, 2, 13 * 60))
    await expect.poll(told).toEqual([`${day(2)} 660-780`])
    await drag(visit, await pointAt(visit, 2, 11 * 60 + 2), await pointAt(visit, 2, 10 * 60 + 31))
    await expect.poll(told).toEqual([`${day(2)} 630-780`])
  })

  it('leaves it where it was after Escape', async () => {
    const { page } = visit
    await drag(visit, await pointAt(visit, 2, 12 * 60), await pointAt(visit, 4, 15 * 60), false)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await page.waitForTimeout(700)
    expect(await told()).toEqual([`${day(2)} 630-780`])
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('moves and stretches by keyboard, and takes that back', async () => {
    const { page } = visit
    await blocks(visit).focus()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await expect.poll(told).toEqual([`${day(3)} 660-810`])
    await page.keyboard.press('Control+ArrowDown')
    await expect.poll(told).toEqual([`${day(3)} 660-825`])
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(told).toEqual([`${day(3)} 645-825`])
    await page.keyboard.press('Control+z')
    await expect.poll(told).toEqual([`${day(3)} 660-825`])
  })

  it('goes through entries and free time with the arrows, and adds with Enter', async () => {
    const { page, t } = visit
    await blocks(visit).focus()
    await page.keyboard.press('ArrowUp')
    const slot = page.locator('[data-stop]:focus')
    expect(await slot.getAttribute('aria-label')).toContain('10:30')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    const form = await fill(visit, 'Service portal', 'Meeting')
    await expect.poll(() => form.getByRole('textbox', { name: t('time.entry.from') }).inputValue()).toBe('10:30')
    await form.getByRole('button', { name: t('time.entry.save') }).click()
    await expect.poll(told).toEqual([`${day(2)} 630-690`, `${day(3)} 660-825`])
  })

  it('shows both versions when somebody else was first', async () => {
    const { page, t } = visit
    const [entry] = (await entries()).filter(({ date }) => date === day(3))
    if (!entry) throw new Error('the entry is gone')
    visit.expects(409, `/api/v1/hours/${entry.id}`)
    // The page has looked again after the last change, and does not know of this one.
    await page.waitForTimeout(900)
    await joris.good('PATCH', `/hours/${entry.id}`, { endMinute: 840 }, { 'if-match': `"${entry.version}"` })
    await blocks(visit).last().focus()
    await page.keyboard.press('Shift+ArrowUp')
    const line = page.getByRole('alert').filter({ hasText: '11:00–14:00' })
    await line.waitFor()
    await expect.poll(() => line.textContent()).toContain('10:45–13:30')
    await line.getByRole('button', { name: t('time.stale.use') }).click()
    await expect.poll(told).toEqual([`${day(2)} 630-690`, `${day(3)} 645-810`])
    await line.waitFor({ state: 'detached' })
  })

  it('warns of hours over each other until both are said to be right', async () => {
    const { page, t } = visit
    await blocks(visit).first().focus()
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(told).toEqual([`${day(3)} 630-690`, `${day(3)} 645-810`])
    await expect
      .poll(() => page.getByRole('button', { name: t('time.calendar.overlaps') }).count(), { timeout: 8_000 })
      .toBe(2)
    await expectClean(visit)
    await page.getByText(t('time.view.week'), { exact: true }).click()
    await page.getByRole('button', { name: t('time.warning.showBoth') }).click()
    await page.waitForURL((url) => url.searchParams.get('view') === 'day')
    await page.getByRole('list', { name: t('time.phone.list') }).waitFor()
    await expectClean(visit)
    await page.getByRole('button', { name: t('time.warning.bothRight') }).click()
    await page.getByRole('button', { name: t('time.warning.bothRight') }).waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('list', { name: t('time.phone.list') }).waitFor()
    expect(await page.getByRole('button', { name: t('time.warning.bothRight') }).count()).toBe(0)
  })

  it('writes the next thing of a day in one line', async () => {
    const { page, t } = visit
    const project = page.getByRole('combobox', { name: t('time.entry.project') })
    await pick(page, project, 'Service portal')
    await pick(page, page.getByRole('combobox', { name: t('time.entry.activity') }), 'Development')
    const time = page.getByRole('textbox', { name: t('time.entry.duration') })
    await time.fill('whenever')
    await time.press('Enter')
    await page.getByText(t('time.duration.notUnderstood')).waitFor()
    await time.fill('14:00-15:30')
    await time.press('Enter')
    await expect.poll(told).toContain(`${day(3)} 840-930`)
    await expect.poll(() => time.inputValue()).toBe('')
  })
})

describe('hours that are locked', () => {
  it('do not move, and say why', async () => {
    const sanne = new TestPerson(journeys.base)
    await sanne.good('POST', '/session', samplePeople.sanne)
    sanne.firm = firm
    const [entry] = (await entries()).filter(({ startMinute }) => startMinute === 840)
    if (!entry) throw new Error('the entry is gone')
    const asked = { kind: 'hours', selection: { ids: [entry.id] }, act: 'write-off', reason: 'Goodwill' }
    await sanne.good('POST', '/entries/acts', asked)
    const visit = await journeys.visit({ language: 'nl', as: samplePeople.joris })
    const { page, t } = visit
    await page.goto(`/f/${firm}/time?year=${year}&week=${week}&view=calendar`)
    await page.getByRole('application').waitFor()
    await drag(visit, await pointAt(visit, 3, 14 * 60 + 30), await pointAt(visit, 4, 16 * 60))
    await page
      .getByRole('alert')
      .filter({ hasText: t('time.locked.writtenOff') })
      .waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await told()).toContain(`${day(3)} 840-930`)
    await visit.context.close()
  })
})

describe('the timer that was forgotten', () => {
  it('asks when it ended, wherever its person comes back', async () => {
    const begun = new Date(Date.now() - 13 * 3_600_000).toISOString()
    await joris.good('POST', '/timer', { startedAt: begun })
    const visit = await journeys.visit({ language: 'en', as: samplePeople.joris })
    const { page, t } = visit
    await page.goto(`/f/${firm}/projects`)
    const form = page.getByRole('dialog', { name: t('time.timer.title') })
    await form.getByText(t('time.timer.longText')).waitFor()
    await expectClean(visit)
    await form.getByRole('button', { name: t('time.timer.discard') }).click()
    await form.waitFor({ state: 'detached' })
    const { timer: left } = await joris.good<{ timer: unknown }>('GET', '/timer')
    expect(left).toBeNull()
    await visit.context.close()
  })
})

describe('absence and a complete week', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', as: samplePeople.joris })
    await visit.page.goto(`/f/${firm}/time?year=${year}&week=${week}`)
  })

  it('writes leave for two days, and counts it', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('time.absence.add') }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: t('time.absence.from') }).fill(day(0))
    await form.getByRole('textbox', { name: t('time.absence.until') }).fill(day(1))
    await form.getByRole('textbox', { name: t('time.entry.note') }).focus()
    await expectClean(visit)
    await form.getByRole('button', { name: t('time.absence.add') }).click()
    await page.getByText(t('time.absence.created', { count: 2 })).waitFor()
    const written = page.getByRole('button', { name: t.like('time.absence.open', { hours: '8:00' }) })
    await expect.poll(() => written.count()).toBe(2)
    await expect.poll(() => page.getByRole('row', { name: t('time.grid.registered') }).textContent()).toContain('8:00')
  })

  it('keeps a row among the favourites', async () => {
    const { page, t } = visit
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('button', { pressed: false }) })
      .first()
    await row.hover()
    await row.getByRole('button', { pressed: false }).click()
    await page.getByRole('heading', { name: new RegExp(`^${t('time.favourites.title')}`) }).waitFor()
  })

  it('is submitted, says so, and can be taken back', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('time.submit.week', { week }) }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: t('time.submit.withdraw') }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: t('time.submit.withdraw') }).waitFor()
    await expectClean(visit)
    await page.getByRole('button', { name: t('time.submit.withdraw') }).click()
    await page.getByRole('button', { name: t('time.submit.week', { week }) }).waitFor()
  })
})

describe('the timer', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', as: samplePeople.joris })
    await visit.page.goto(`/f/${firm}/time`)
  })

  it('starts with nothing said, and runs on after a reload and on other pages', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('time.timer.start') }).click()
    await page.getByRole('timer').waitFor()
    await page.reload()
    await page.getByRole('timer').waitFor()
    await page.getByRole('link', { name: t('frame.projects') }).click()
    await page
      .getByRole('navigation', { name: t('frame.main') })
      .getByRole('timer')
      .waitFor()
    await expectClean(visit)
  })

  it('asks for its project when it is stopped, and loses nothing', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('time.timer.stop') }).click()
    const form = page.getByRole('dialog')
    await form.waitFor()
    await expectClean(visit)
    await form.getByRole('button', { name: t('time.timer.write') }).click()
    await form.getByText(t('time.entry.project.missing'), { exact: true }).waitFor()
    await fill(visit, 'Service portal', 'Development')
    await form.getByRole('textbox', { name: t('time.entry.note') }).fill('By the clock')
    await form.getByRole('button', { name: t('time.timer.write') }).click()
    await form.waitFor({ state: 'detached' })
    const here = weekOf(today)
    const { entries: mine } = await joris.good<{ entries: (Entry & { note: string })[] }>(
      'GET',
      `/weeks/${here.year}/${here.week}`,
    )
    expect(mine.filter(({ note }) => note === 'By the clock').map(({ minutes }) => minutes)).toEqual([1])
  })

  it('starts and stops from a cell of the week', async () => {
    const { page, t } = visit
    await page.getByRole('link', { name: t('frame.time') }).click()
    await page
      .getByRole('gridcell', { name: /Development/ })
      .first()
      .click()
    await page.keyboard.press('s')
    await page.getByRole('timer').waitFor()
    await expectClean(visit)
    await page.keyboard.press('s')
    await page.getByRole('timer').waitFor({ state: 'detached' })
  })
})

describe('one day on a phone, in English', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({
      language: 'en',
      width: windowWidth.phone,
      height: 844,
      as: samplePeople.joris,
    })
    await visit.page.goto(`/f/${firm}/time?year=${year}&week=${week}&day=${day(4)}&view=calendar`)
  })

  it('takes an entry after a long press, and scrolls with a short one', async () => {
    const { page, t } = visit
    await page.getByRole('application').waitFor()
    const touch = await visit.context.newCDPSession(page)
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] })
    const from = await pointAt(visit, 0, 9 * 60 + 5, 1)
    await send('touchStart', from)
    await page.waitForTimeout(650)
    await send('touchMove', { ...from, y: from.y + 40 })
    await send('touchMove', { ...from, y: from.y + 100 })
    await send('touchEnd')
    const form = await fill(visit, 'Service portal', 'Development')
    await expect.poll(() => form.getByRole('textbox', { name: t('time.entry.from') }).inputValue()).toBe('09:00')
    await expect.poll(() => form.getByRole('textbox', { name: t('time.entry.until') }).inputValue()).toBe('10:45')
    await form.getByRole('button', { name: t('time.entry.save') }).click()
    await expect.poll(told).toContain(`${day(4)} 540-645`)
    await blocks(visit).waitFor()
    await expectClean(visit)
  })

  it('shows the day as a list, with the timer on top', async () => {
    const { page, t } = visit
    await page.getByText(t('time.view.day'), { exact: true }).click()
    await page.getByRole('list', { name: t('time.phone.list') }).waitFor()
    await page.getByRole('button', { name: t('time.timer.start') }).click()
    await page.getByRole('region', { name: t('time.timer.title') }).waitFor()
    await expectClean(visit)
    await page.getByRole('button', { name: t('time.timer.stop') }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: t('time.timer.discard') }).click()
    await page.getByText(t('time.timer.discarded')).waitFor()
    expect(Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))).toBe(0)
  })
})
