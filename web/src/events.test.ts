import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEvents, rested } from './events.ts'

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

describe('looking once for many events', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('waits after the first, and looks once', async () => {
    const look = vi.fn()
    const { call } = rested(look, 1_000)
    call()
    for (let time = 0; time < 9; time += 1) {
      await vi.advanceTimersByTimeAsync(100)
      call()
    }
    expect(look).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(100)
    expect(look).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(look).toHaveBeenCalledTimes(1)
  })

  it('looks again for what happened while it looked, and never twice at a time', async () => {
    const open: (() => void)[] = []
    const { call } = rested(() => new Promise<void>((resolve) => open.push(resolve)), 1_000)
    call()
    await vi.advanceTimersByTimeAsync(1_000)
    call()
    call()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(open).toHaveLength(1)
    open[0]?.()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(open).toHaveLength(2)
  })

  it('goes on after a look that failed, and looks no more once nobody follows', async () => {
    const look = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined)
    const { call, end } = rested(look, 1_000)
    call()
    await vi.advanceTimersByTimeAsync(1_000)
    call()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(look).toHaveBeenCalledTimes(2)
    call()
    end()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(look).toHaveBeenCalledTimes(2)
  })
})
