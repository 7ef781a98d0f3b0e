import type { Clock } from '@uurwerk/core/shared/ports.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type pg from 'pg'
import type { Seals } from '../secrets.ts'

const WINDOW_MS = 15 * 60_000

/**
 * Tries in a quarter of an hour. Somebody who tries from elsewhere must not shut the owner of an address out at once,
 * so an address from one place is held back long before the address itself.
 */
const limits = { emailFromPlace: 10, email: 50, place: 100, unknownLink: 30 } as const

export interface Attempts {
  /** Counts before the password is looked at, so that many tries at once are many tries. */
  begin(who: { email: string; ip: string | undefined }): Promise<Attempt>
  /** A link that works without an account: an unknown one is a guess. */
  follow(ip: string): Promise<Attempt>
}

export interface Attempt {
  succeeded(): Promise<void>
}

interface Counted {
  readonly key: string
  readonly limit: number
}

export function createAttempts(pool: pg.Pool, { clock, seals }: { clock: Clock; seals: Seals }): Attempts {
  async function count(unordered: readonly Counted[]): Promise<Attempt> {
    // One order for all, or two attempts wait for each other.
    const counted = [...unordered].sort((one, other) => (one.key < other.key ? -1 : 1))
    const keys = counted.map(({ key }) => key)
    const now = clock.now()
    const { rows } = await pool.query<{ key_hash: string; tries: number; first_at: Date }>(
      `insert into auth.sign_in_attempt as a (key_hash, tries, first_at)
       select key, 1, $2 from unnest($1::text[]) as key order by key collate "C"
       on conflict (key_hash) do update set
         tries = case when a.first_at <= $3 then 1 else a.tries + 1 end,
         first_at = case when a.first_at <= $3 then excluded.first_at else a.first_at end
       returning key_hash, tries, first_at`,
      [keys, now, new Date(now.getTime() - WINDOW_MS)],
    )
    const over = rows.filter(({ key_hash, tries }) => tries > (counted.find(({ key }) => key === key_hash)?.limit ?? 0))
    if (over.length > 0) {
      const until = Math.max(...over.map(({ first_at }) => first_at.getTime() + WINDOW_MS))
      throw new ProblemError({ kind: 'temporary', code: 'too-many-tries', notBefore: new Date(until).toISOString() })
    }
    return {
      async succeeded() {
        await pool.query('update auth.sign_in_attempt set tries = greatest(tries - 1, 0) where key_hash = any($1)', [
          keys,
        ])
        await pool.query('delete from auth.sign_in_attempt where tries = 0 or first_at <= $1', [
          new Date(now.getTime() - WINDOW_MS),
        ])
      },
    }
  }
  return {
    begin({ email, ip }) {
      const place = ip === undefined ? undefined : placeOf(ip)
      return count([
        { key: seals.hashToken(`email ${email}`), limit: limits.email },
        ...(place === undefined
          ? []
          : [
              { key: seals.hashToken(`email ${email} from ${place}`), limit: limits.emailFromPlace },
              { key: seals.hashToken(`place ${place}`), limit: limits.place },
            ]),
      ])
    },
    follow: (ip) => count([{ key: seals.hashToken(`link from ${placeOf(ip)}`), limit: limits.unknownLink }]),
  }
}

/** Whoever has one IPv6 address has the whole /64 it is in. */
export function placeOf(ip: string): string {
  if (!ip.includes(':') || ip.includes('.')) return ip
  const [head = '', tail] = ip.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(8 - left.length - right.length, 0)).fill('0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
