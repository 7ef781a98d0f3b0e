import { describe, expect, it } from 'vitest'
import { drawnSize } from './prepare-logo.ts'

describe('a logo is drawn', () => {
  it.each([
    ['as large as it is', 700, 200, false, 700, 200],
    ['smaller when it is wide', 4000, 1000, false, 1400, 350],
    ['smaller when it is high', 1000, 2800, false, 500, 1400],
    ['large when it is a drawing', 120, 30, true, 1400, 350],
    ['at least a pixel high', 5000, 1, false, 1400, 1],
  ])('%s', (_, width, height, isDrawing, wide, high) =>
    expect(drawnSize({ width, height, isDrawing })).toEqual({ width: wide, height: high }),
  )
})
