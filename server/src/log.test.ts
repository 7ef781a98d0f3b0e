import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import { Secret } from './secrets.ts'

const logged = (object: object, message = 'something happened') => {
  const lines: string[] = []
  createLog('info', { write: (line) => void lines.push(line) }).info(object, message)
  return { text: lines.join(''), line: JSON.parse(lines[0] ?? '{}') }
}

describe('the log', () => {
  it('leaves out what is secret at any depth, whatever the case of its name', () => {
    const { text } = logged({
      headers: { Authorization: 'Bearer abc-1', cookie: 'session=abc-2', 'Set-Cookie': ['abc-3'] },
      answer: { tokens: [{ access_token: 'abc-4', refreshToken: 'abc-5', expires_in: 600 }] },
      query: { code: 'abc-6', state: 'abc-7', page: '2' },
      wrapped: new Secret('abc-8'),
      body: { newPassword: 'abc-9', client_secret: 'abc-10' },
    })
    expect(text).not.toMatch(/abc-\d/)
    expect(text).toContain('"expires_in":600')
    expect(text).toContain('"page":"2"')
  })

  it('keeps the code of a problem and its cause', () => {
    const problem = new ProblemError({ kind: 'refused', code: 'period-closed' }, new Error('HTTP 500'))
    expect(logged({ err: problem }).line.err).toMatchObject({
      problem: { kind: 'refused', code: 'period-closed' },
      cause: { message: 'HTTP 500' },
    })
  })

  it('takes nothing of an error but its name, words and code', () => {
    const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(anna@example.nl)' })
    const { text, line } = logged({ err: error })
    expect(line.err.code).toBe('23505')
    expect(text).not.toContain('anna@example.nl')
  })
})
