import { describe, expect, it } from 'vitest'
import { pathOfPointer, problemIn } from './problem.ts'

describe('problems', () => {
  it('reads the problem in an answer and trusts the status line', async () => {
    const answer = Response.json(
      { code: 'number-taken', cause: 'Number 10012 is taken.', status: 200 },
      { status: 409, headers: { 'content-type': 'application/problem+json' } },
    )
    expect((await problemIn(answer)).problem).toMatchObject({
      status: 409,
      code: 'number-taken',
      cause: 'Number 10012 is taken.',
    })
  })
  it('calls an answer without a problem unreadable', async () => {
    expect((await problemIn(new Response('<html>', { status: 502 }))).problem).toEqual({
      status: 502,
      code: 'unreadable',
    })
  })
  it('turns a pointer into the path of a field', () => {
    expect(['/name', '#/lines/0/unitPrice', '/a~1b/c~0d'].map(pathOfPointer)).toEqual([
      'name',
      'lines.0.unitPrice',
      'a/b.c~d',
    ])
  })
})
