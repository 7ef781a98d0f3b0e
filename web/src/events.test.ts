import { expect, it } from 'vitest'
import { readEvents } from './events.ts'

it('reads whole events and keeps what is not complete yet', () => {
  const { events, rest } = readEvents(
    'event: task\nid: 7\ndata: {"done":3}\n\n: still here\n\ndata: a\ndata: b\n\ndata: ha',
  )
  expect(events).toEqual([
    { type: 'task', id: '7', data: '{"done":3}' },
    { type: 'message', data: 'a\nb' },
  ])
  expect(rest).toBe('data: ha')
})
