import type { Services } from '../services.ts'
import type { Sandbox } from './sandbox.ts'

const patienceMs = 5_000
const mostWaitMs = 60_000

export interface SandboxCalls {
  /** After something changed in a world: carries what its package calls others with, when it is due. */
  lookAfter(worldId: string, nextAt: Date | undefined): void
  /** Carries what is due now. */
  carry(worldId: string): Promise<void>
  stop(): void
}

/** Plays the network between a simulator and us: it calls our own hooks and nobody else. */
export function createSandboxCalls(services: Services, sandbox: Sandbox, origin: () => string): SandboxCalls {
  const { clock, log, settings } = services
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false

  async function carry(worldId: string): Promise<void> {
    const calls =
      (await sandbox.change(worldId, (world, { callsOut }) => callsOut?.due(world, clock.now()) ?? [])) ?? []
    for (const call of calls) {
      const own = call.url.startsWith(`${settings.publicUrl}/hooks/`)
        ? origin() + call.url.slice(settings.publicUrl.length)
        : undefined
      const status = own ? await post(own, call) : 'unreachable'
      await sandbox.change(worldId, (world, { callsOut }) => callsOut?.answered(world, call.id, status))
    }
    const nextAt = await sandbox.change(worldId, (world, { callsOut }) => callsOut?.nextAt(world))
    lookAfter(worldId, nextAt)
  }

  async function post(
    url: string,
    call: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ): Promise<number | 'unreachable'> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: call.headers,
        body: call.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
      })
      return answer.status
    } catch {
      return 'unreachable'
    }
  }

  function lookAfter(worldId: string, nextAt: Date | undefined): void {
    if (!nextAt || stopped || timers.has(worldId)) return
    const waitMs = Math.min(Math.max(0, nextAt.getTime() - clock.now().getTime()), mostWaitMs)
    const timer = setTimeout(() => {
      timers.delete(worldId)
      carry(worldId).catch((error: unknown) => log.warn({ err: error }, 'calls of a sandbox were not carried'))
    }, waitMs)
    timers.set(worldId, timer.unref())
  }

  return {
    lookAfter,
    carry,
    stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
