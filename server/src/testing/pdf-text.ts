import { inflateSync } from 'node:zlib'
import { assert } from '@uurwerk/core/shared/assert.ts'

interface Font {
  /** Text by glyph. */
  readonly letters: ReadonlyMap<string, string>
  /** In thousandths of the size, by glyph number. */
  readonly widths: readonly number[]
}

/**
 * What stands on the pages of a PDF, read from its bytes: the lines of each page from top to bottom, pieces of a line
 * two spaces apart. For PDFs as pdfmake writes them, with every font embedded and told in Unicode.
 */
export function pdfText(bytes: Uint8Array): string[][] {
  const text = Buffer.from(bytes).toString('latin1')
  const objects = new Map(
    [...text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id = '', body = '']) => [id, body] as const),
  )
  const one = (id: string | undefined): string => {
    const body = objects.get(id ?? '')
    assert(body !== undefined, `a PDF without object ${id}`)
    return body
  }
  const [, root] = /\/Pages (\d+) 0 R/.exec(text) ?? []
  const [, kids = ''] = /\/Kids \[([^\]]*)\]/.exec(one(root)) ?? []
  const fonts = new Map<string, Font>()
  for (const [, name = '', id] of text.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const [, map] = /\/ToUnicode (\d+) 0 R/.exec(one(id)) ?? []
    const [, descendant] = /\/DescendantFonts \[(\d+) 0 R\]/.exec(one(id)) ?? []
    const [, widths = ''] = /\/W \[0 \[([^\]]*)\]\]/.exec(one(descendant)) ?? []
    fonts.set(name, { letters: lettersOf(streamOf(one(map))), widths: widths.split(' ').map(Number) })
  }
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, page]) => {
    const [, contents] = /\/Contents (\d+) 0 R/.exec(one(page)) ?? []
    return linesOf(streamOf(one(contents)), fonts)
  })
}

function streamOf(body: string): string {
  const [head, ...rest] = body.split('stream\n')
  assert(head?.includes('/FlateDecode'), 'a stream of a PDF is compressed')
  return inflateSync(Buffer.from(rest.join('stream\n').replace(/\nend$/, ''), 'latin1')).toString('latin1')
}

/** Of a CMap: `<0000> <0027> [<0000> <0042> …]` */
function lettersOf(map: string): Font['letters'] {
  const glyphs = new Map<string, string>()
  for (const [, first = '', list = ''] of map.matchAll(/<(\w{4})> <\w{4}> \[([^\]]*)\]/g))
    [...list.matchAll(/<([\w ]+)>/g)].forEach(([, code = ''], at) => {
      const letters = code.match(/\w{4}/g) ?? []
      const glyph = (Number.parseInt(first, 16) + at).toString(16).padStart(4, '0')
      glyphs.set(glyph, String.fromCharCode(...letters.map((letter) => Number.parseInt(letter, 16))))
    })
  return glyphs
}

function linesOf(contents: string, fonts: ReadonlyMap<string, Font>): string[] {
  const pieces = [
    ...contents.matchAll(/BT\n1 0 0 1 ([\d.-]+) ([\d.-]+) Tm\n\/(F\d+) ([\d.]+) Tf\n\[(.*)\] TJ\nET/g),
  ].map(([, x, y, name = '', size, shown = '']) => {
    const font = fonts.get(name)
    assert(font, `a PDF without font ${name}`)
    const glyphs = [...shown.matchAll(/<(\w+)>/g)].flatMap(([, codes = '']) => codes.match(/\w{4}/g) ?? [])
    const closer = [...shown.matchAll(/> (-?[\d.]+)/g)].reduce((sum, [, kern]) => sum + Number(kern), 0)
    const wide = glyphs.reduce((sum, glyph) => sum + (font.widths[Number.parseInt(glyph, 16)] ?? 0), 0) - closer
    return {
      from: Number(x),
      until: Number(x) + (wide * Number(size)) / 1000,
      y: Math.round(Number(y)),
      text: glyphs.map((glyph) => font.letters.get(glyph) ?? '\ufffd').join(''),
    }
  })
  const lines = Map.groupBy(pieces, ({ y }) => y)
  return [...lines.entries()]
    .sort(([a], [b]) => b - a)
    .map(([, line]) => {
      let [text, end] = ['', Number.NEGATIVE_INFINITY]
      for (const piece of line.sort((a, b) => a.from - b.from)) {
        text += (text !== '' && piece.from - end > 1 ? '  ' : '') + piece.text
        end = piece.until
      }
      return text.replaceAll('\u00a0', ' ').trimEnd()
    })
}
