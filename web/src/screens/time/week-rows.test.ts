import { describe, expect, it } from 'vitest'
import { dayTotals, type HourEntry, rowKey, weekRows } from './week-rows.ts'

const dates = ['2026-04-06', '2026-04-07', '2026-04-08', '2026-04-09', '2026-04-10', '2026-04-11', '2026-04-12']

const entry = (id: string, project: string, date: string, minutes: number): HourEntry => ({
  id,
  memberId: 'joris',
  memberName: 'Joris Bakker',
  date,
  minutes,
  startMinute: null,
  endMinute: null,
  breakMinutes: 0,
  customerId: null,
  customerName: 'Zonnehof',
  projectId: project,
  projectName: project,
  activityId: 'design',
  activityName: 'Design',
  note: '',
  tags: [],
  billable: true,
  approval: 'open',
  internalApproved: false,
  customerApproved: false,
  rejectedReason: null,
  state: 'free',
  invoice: null,
  locked: false,
  rate: null,
  amount: null,
  currency: null,
  version: 1,
})

const head = (project: string) => ({
  projectId: project,
  projectName: project,
  activityId: 'design',
  activityName: 'Design',
  customerName: 'Zonnehof',
})

describe('the rows of a week', () => {
  it('puts hours of one project and activity in one row, several of a day in one cell', () => {
    const rows = weekRows(
      [],
      [entry('1', 'b', dates[0]!, 60), entry('2', 'b', dates[0]!, 30), entry('3', 'a', dates[4]!, 45)],
      [],
      dates,
    )
    expect(rows.map(({ projectName, minutes }) => [projectName, minutes])).toEqual([
      ['a', 45],
      ['b', 90],
    ])
    expect(rows[1]!.cells[0]!.map(({ id }) => id)).toEqual(['1', '2'])
    expect(dayTotals(rows)).toEqual([90, 0, 0, 0, 45, 0, 0])
  })

  it('keeps a row in its place when its last hours are gone', () => {
    const before = weekRows([], [entry('1', 'a', dates[0]!, 60), entry('2', 'b', dates[0]!, 60)], [], dates)
    const after = weekRows(before, [entry('2', 'b', dates[0]!, 60)], [], dates)
    expect(after.map(({ key, minutes }) => [key, minutes])).toEqual([
      [rowKey(head('a')), 0],
      [rowKey(head('b')), 60],
    ])
  })

  it('gives back the same objects for what did not change', () => {
    const [first, second] = [entry('1', 'a', dates[0]!, 60), entry('2', 'b', dates[0]!, 60)]
    const before = weekRows([], [first, second], [], dates)
    expect(weekRows(before, [first, second], [], dates)).toBe(before)
    const after = weekRows(before, [first, { ...second, minutes: 90 }], [], dates)
    expect(after[0]).toBe(before[0])
    expect(after[1]!.cells[3]).toBe(before[1]!.cells[3])
    expect(after[1]!.minutes).toBe(90)
  })

  it('puts an added row last, once', () => {
    const before = weekRows([], [entry('1', 'b', dates[0]!, 60)], [head('a')], dates)
    expect(before.map(({ projectName }) => projectName)).toEqual(['b', 'a'])
    const after = weekRows(before, [entry('1', 'b', dates[0]!, 60), entry('2', 'a', dates[1]!, 15)], [head('a')], dates)
    expect(after.map(({ projectName, minutes }) => [projectName, minutes])).toEqual([
      ['b', 60],
      ['a', 15],
    ])
  })
})
