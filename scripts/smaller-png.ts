import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const filters = [0, 1, 2, 3, 4] as const

/** What a filter foretells of a byte from its neighbours (PNG specification, 9.2): left, above, above left. */
function foretold(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const middle = left + up - upLeft
  const [a, b, c] = [Math.abs(middle - left), Math.abs(middle - up), Math.abs(middle - upLeft)]
  return a <= b && a <= c ? left : b <= c ? up : upLeft
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** The same picture in fewer bytes: a browser's screenshot is made to be quick. Takes 8 bits per channel, not interlaced. */
export function smallerPng(png: Buffer): Buffer {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const channels = { 2: 3, 6: 4 }[png[25] ?? 0]
  if (png[24] !== 8 || !channels || png[28] !== 0) return png
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const rows = inflateSync(Buffer.concat(parts))
  const stride = width * channels
  const pixels = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)] ?? 0
    for (let x = 0; x < stride; x++) {
      const here = y * stride + x
      const left = x >= channels ? (pixels[here - channels] ?? 0) : 0
      const up = y > 0 ? (pixels[here - stride] ?? 0) : 0
      const upLeft = x >= channels && y > 0 ? (pixels[here - stride - channels] ?? 0) : 0
      pixels[here] = (rows[y * (stride + 1) + 1 + x] ?? 0) + foretold(filter, left, up, upLeft)
    }
  }
  const candidates = filters.map((filter) => {
    const filtered = Buffer.alloc((stride + 1) * height)
    for (let y = 0; y < height; y++) {
      filtered[y * (stride + 1)] = filter
      for (let x = 0; x < stride; x++) {
        const here = y * stride + x
        const left = x >= channels ? (pixels[here - channels] ?? 0) : 0
        const up = y > 0 ? (pixels[here - stride] ?? 0) : 0
        const upLeft = x >= channels && y > 0 ? (pixels[here - stride - channels] ?? 0) : 0
        filtered[y * (stride + 1) + 1 + x] = (pixels[here] ?? 0) - foretold(filter, left, up, upLeft)
      }
    }
    return deflateSync(filtered, { level: 9, memLevel: 9 })
  })
  const [best = Buffer.alloc(0)] = candidates.toSorted((a, b) => a.length - b.length)
  const made = Buffer.concat([
    signature,
    chunk('IHDR', png.subarray(16, 29)),
    chunk('IDAT', best),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return made.length < png.length ? made : png
}
