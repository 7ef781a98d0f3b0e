import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pngOf } from '../testing/picture.ts'
import { judgePicture } from './judge-picture.ts'

const chunk = (kind: string, content: Buffer) => {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
const head = (width: number, height: number, depth: number, colour: number, interlaced = 0) => {
  const made = Buffer.alloc(13)
  made.writeUInt32BE(width, 0)
  made.writeUInt32BE(height, 4)
  made.set([depth, colour, 0, 0, interlaced], 8)
  return chunk('IHDR', made)
}
const png = (...chunks: Buffer[]) =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND', Buffer.alloc(0))])
const pixels = (bytes: number) => chunk('IDAT', deflateSync(Buffer.alloc(bytes)))

const segment = (marker: number, ...content: number[]) =>
  Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content])
const frame = (marker: number, width: number, height: number, colours: number) =>
  segment(marker, 8, height >> 8, height & 255, width >> 8, width & 255, colours)
const jpeg = (...segments: Buffer[]) =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, ...Buffer.from('JFIF\0')),
    ...segments,
    segment(0xda, 1, 1, 0, 0, 63, 0),
    Buffer.from([1, 2, 3, 0xff, 0xd9]),
  ])

describe('a picture is judged by its bytes', () => {
  it.each([
    ['a PNG', pngOf([1, 2, 3], 40, 20), { mediaType: 'image/png', width: 40, height: 20 }],
    ['a PNG of one bit', png(head(9, 3, 1, 0), pixels(3 * 3)), { mediaType: 'image/png', width: 9, height: 3 }],
    [
      'an interlaced PNG with a transparent ground',
      // Its passes hold 5, 0, 0, 5, 9, 10 and 13 bytes.
      png(head(3, 3, 8, 6, 1), pixels(42)),
      { mediaType: 'image/png', width: 3, height: 3 },
    ],
    ['a JPEG', jpeg(frame(0xc0, 300, 90, 3)), { mediaType: 'image/jpeg', width: 300, height: 90 }],
    ['a progressive grey JPEG', jpeg(frame(0xc2, 30, 9, 1)), { mediaType: 'image/jpeg', width: 30, height: 9 }],
    [
      'a JPEG with a few bytes after its end',
      Buffer.concat([jpeg(frame(0xc0, 3, 2, 3)), Buffer.of(0, 0)]),
      { mediaType: 'image/jpeg', width: 3, height: 2 },
    ],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), { problem: 'type' }],
    ['a GIF', Buffer.from('GIF89a'), { problem: 'type' }],
    ['nothing', Buffer.alloc(0), { problem: 'type' }],
    ['a JPEG in the colours of print', jpeg(frame(0xc0, 300, 90, 4)), { problem: 'colours' }],
    ['a JPEG with arithmetic coding', jpeg(frame(0xc9, 300, 90, 3)), { problem: 'broken' }],
    ['a JPEG without a frame', jpeg(), { problem: 'broken' }],
    ['a JPEG without an end', jpeg(frame(0xc0, 30, 9, 3)).subarray(0, -1), { problem: 'broken' }],
    ['a PNG without pixels', png(head(4, 4, 8, 2)), { problem: 'broken' }],
    ['a PNG with fewer pixels than it says', png(head(4, 4, 8, 2), pixels(51)), { problem: 'broken' }],
    ['a PNG that unpacks to far more than it says', png(head(4, 4, 8, 2), pixels(50_000_000)), { problem: 'broken' }],
    ['a PNG of a colour type that does not exist', png(head(4, 4, 8, 5), pixels(52)), { problem: 'broken' }],
    ['a PNG without its palette', png(head(4, 4, 8, 3), pixels(20)), { problem: 'broken' }],
  ])('%s', (_, bytes, found) => expect(judgePicture(bytes)).toEqual(found))

  it('a PNG that was cut off anywhere is broken', () => {
    const whole = pngOf([1, 2, 3])
    for (let length = 8; length < whole.length; length += 1)
      expect(judgePicture(whole.subarray(0, length)), String(length)).toEqual({ problem: 'broken' })
  })

  it('a PNG in which a bit fell over is broken', () => {
    const whole = pngOf([1, 2, 3])
    for (let at = 8; at < whole.length; at += 1) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 4
      expect(judgePicture(changed), String(at)).toEqual({ problem: 'broken' })
    }
  })
})
