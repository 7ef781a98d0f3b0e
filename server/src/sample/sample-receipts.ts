import { crc32, deflateSync } from 'node:zlib'

/** A receipt as a shop prints it: its lines, one under the other, on a page of its own size. */
export function receiptPdf(lines: readonly string[]): Buffer {
  const [width, lead] = [220, 16]
  const height = 40 + lines.length * lead
  const text = lines.map((line) => `(${latin(line)}) Tj T*`).join('\n')
  const page = `BT /F1 11 Tf ${lead} TL 20 ${height - 30} Td\n${text}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
  ]
  let file = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  file += `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

/** The euro sign stands at another place in the alphabet of a PDF; brackets and backslashes mean something there. */
const latin = (line: string): string => line.replace(/[\\()]/g, '\\$&').replaceAll('€', '\x80')

const [WIDTH, HEIGHT, MARGIN, LEAD] = [360, 520, 36, 26]

/** A photo of a receipt, from far: grey bars where the words stand, as wide as `widths` says (0 to 1), on white paper. */
export function receiptPng(widths: readonly number[]): Buffer {
  const rows = Buffer.alloc((WIDTH + 1) * HEIGHT, 0xf4)
  const dark = (x: number, y: number) => {
    rows[y * (WIDTH + 1) + 1 + x] = 0x52
  }
  for (let y = 0; y < HEIGHT; y++) rows[y * (WIDTH + 1)] = 0
  widths.forEach((part, line) => {
    const from = MARGIN + 20 + line * LEAD
    for (let y = from; y < from + 9; y++) {
      for (let x = MARGIN; x < MARGIN + part * 190; x++) dark(x, y)
      for (let x = WIDTH - MARGIN - 58; x < WIDTH - MARGIN; x++) if (part > 0) dark(x, y)
    }
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(WIDTH, 0)
  head.writeUInt32BE(HEIGHT, 4)
  // Eight bits of grey.
  head.writeUInt8(8, 8)
  const chunk = (name: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), content])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(content.length, 0)
    ends.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
