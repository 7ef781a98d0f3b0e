import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Office } from './connected.ts'

interface Made {
  readonly id: string
  readonly version: number
}

type Asked = NonNullable<Parameters<Office['ask']>[1]> & {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
}

/** The API as the administrator of a firm; what it refuses is a mistake of the test. */
export interface Asking {
  good<T = Made>(path: string, asked?: Asked): Promise<T>
  post<T = Made>(path: string, body: unknown, version?: number): Promise<T>
}

export function askingAs(at: Pick<Office, 'ask'>): Asking {
  const good: Asking['good'] = async <T>(path: string, asked: Asked = {}) => {
    const { status, body } = await at.ask<T>(path, asked)
    assert(status < 300, `${asked.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  return {
    good,
    post: (path, body, version) => good(path, { method: 'POST', body, ...(version === undefined ? {} : { version }) }),
  }
}
