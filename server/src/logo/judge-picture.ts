import { crc32, inflateSync } from 'node:zlib'

export type PictureType = 'image/png' | 'image/jpeg'
export interface Picture {
  readonly mediaType: PictureType
  readonly width: number
  readonly height: number
}
/** `type`: neither PNG nor JPEG; `broken`: cut off or damaged; `colours`: a JPEG in the four colours of print. */
export type PictureProblem = 'type' | 'broken' | 'colours'

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** What a picture is by its bytes, and whether whoever draws it later will be able to. */
export function judgePicture(given: Uint8Array): Picture | { readonly problem: PictureProblem } {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  try {
    if (bytes.subarray(0, 8).equals(png)) return judgePng(bytes)
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return judgeJpeg(bytes)
    return { problem: 'type' }
  } catch (error) {
    if (error instanceof Damaged || error instanceof RangeError || (error as { code?: string }).code?.startsWith('Z_'))
      return { problem: 'broken' }
    throw error
  }
}

class Damaged extends Error {}
const must = (holds: boolean): void => {
  if (!holds) throw new Damaged()
}

/** Bits of a pixel by colour type, and the depths it comes in (PNG, third edition, 11.2.1). */
const colourTypes: Readonly<Record<number, { samples: number; depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
}

// Where each pass of an interlaced picture begins, and how far apart its pixels lie (ibid., 8.1).
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

const mostPixels = 4096 * 4096

/** Every chunk has its checksum, and the pixels are as many as it says. */
function judgePng(bytes: Buffer): Picture | { readonly problem: PictureProblem } {
  let at = png.length
  let header: Buffer | undefined
  let palette = false
  const packed: Buffer[] = []
  for (;;) {
    const length = bytes.readUInt32BE(at)
    const kind = bytes.toString('latin1', at + 4, at + 8)
    const content = bytes.subarray(at + 8, at + 8 + length)
    must(content.length === length)
    must(crc32(bytes.subarray(at + 4, at + 8 + length)) === bytes.readUInt32BE(at + 8 + length))
    must((kind === 'IHDR') === (header === undefined))
    if (kind === 'IHDR') header = content
    if (kind === 'PLTE') palette = true
    if (kind === 'IDAT') packed.push(content)
    if (kind === 'IEND') break
    at += 12 + length
  }
  must(header?.length === 13)
  const head = header as Buffer
  const [width, height, depth, colour] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8] ?? 0, head[9] ?? 0]
  const type = colourTypes[colour]
  must(width > 0 && height > 0 && (type?.depths.includes(depth) ?? false) && (colour !== 3 || palette))
  // Larger ones are refused for their size; they are not unpacked to be sure of the rest.
  if (width * height > mostPixels) return { mediaType: 'image/png', width, height }
  const bits = (type?.samples ?? 0) * depth
  const rows = (wide: number, high: number) => (wide > 0 && high > 0 ? high * (1 + Math.ceil((wide * bits) / 8)) : 0)
  const size =
    head[12] === 1
      ? passes.reduce(
          (total, [x, y, dx, dy]) => total + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
          0,
        )
      : rows(width, height)
  must(inflateSync(Buffer.concat(packed), { maxOutputLength: size + 1 }).length === size)
  return { mediaType: 'image/png', width, height }
}

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** Baseline, extended and progressive, each with Huffman coding: what every reader of PDF shows. */
const shown = [0xc0, 0xc1, 0xc2]

/** Segments up to the pixels, and an end (ITU-T T.81, B.1 and B.2). */
function judgeJpeg(bytes: Buffer): Picture | { readonly problem: PictureProblem } {
  let at = 2
  let frame: { width: number; height: number; colours: number } | undefined
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1
    must(bytes[at] === 0xff)
    const marker = bytes[at + 1] ?? 0
    const length = bytes.readUInt16BE(at + 2)
    must(length >= 2 && at + 2 + length <= bytes.length)
    if (isFrame(marker)) {
      must(shown.includes(marker) && bytes[at + 4] === 8)
      frame = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7), colours: bytes[at + 9] ?? 0 }
    }
    if (marker === 0xda) break
    at += 2 + length
  }
  must(frame !== undefined && frame.width > 0 && frame.height > 0)
  // Some programs write a few bytes after the end.
  must(bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > at)
  const { width, height, colours } = frame as NonNullable<typeof frame>
  return colours === 1 || colours === 3 ? { mediaType: 'image/jpeg', width, height } : { problem: 'colours' }
}
