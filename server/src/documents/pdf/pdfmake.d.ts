/** What we use of pdfmake 0.3, which comes without types. */
declare module 'pdfmake' {
  export type Margin = number | readonly [number, number] | readonly [number, number, number, number]
  interface Look {
    fontSize?: number
    bold?: boolean
    color?: string
    alignment?: 'left' | 'right' | 'center'
    lineHeight?: number
    margin?: Margin
    noWrap?: boolean
  }
  interface Placed extends Look {
    width?: number | '*' | 'auto'
    absolutePosition?: { x: number; y: number }
    unbreakable?: boolean
    pageBreak?: 'before'
    /** By which a piece is found again when it has been laid out. */
    headlineLevel?: number
    fillColor?: string
    colSpan?: number
  }
  export interface TableLayout {
    hLineWidth?: (line: number, node: { table: { body: readonly unknown[]; headerRows?: number } }) => number
    vLineWidth?: () => number
    hLineColor?: (line: number, node: { table: { headerRows?: number } }) => string
    paddingLeft?: (column: number) => number
    paddingRight?: (column: number, node: { table: { widths: readonly unknown[] } }) => number
    paddingTop?: () => number
    paddingBottom?: () => number
  }
  export interface TableContent extends Placed {
    table: {
      widths: readonly (number | string)[]
      body: readonly (readonly Content[])[]
      headerRows?: number
      keepWithHeaderRows?: number
      dontBreakRows?: boolean
    }
    layout: TableLayout | 'noBorders'
  }
  export type Content =
    | string
    | (Placed & { text: string | readonly Content[] })
    | (Placed & { stack: readonly Content[] })
    | (Placed & { columns: readonly Content[]; columnGap?: number })
    | (Placed & { canvas: readonly Readonly<Record<string, string | number>>[] })
    | (Placed & { image: string; fit: readonly [number, number] })
    | (Placed & { qr: string; fit: number; eccLevel: 'M'; foreground?: string; background?: string })
    | TableContent

  export interface Laid {
    readonly headlineLevel?: number
    readonly pageNumbers: readonly number[]
  }

  export interface Definition {
    /** Asked of each piece that was laid out, whether a page begins before it. */
    pageBreakBefore?: (laid: Laid) => boolean
    content: readonly Content[]
    header?: (page: number) => Content | null
    footer?: (page: number, pages: number) => Content
    pageSize: 'A4'
    pageMargins: readonly [number, number, number, number]
    defaultStyle: Look & { font: string }
    info: Readonly<Record<string, string | Date>>
    language: string
    displayTitle: boolean
    version: '1.7'
    subset: 'PDF/A-3b'
    watermark?: { text: string; color: string; opacity: number; bold: boolean }
    files?: Readonly<
      Record<
        string,
        {
          src: string
          name: string
          description: string
          relationship: 'Alternative'
          creationDate: Date
          modifiedDate: Date
        }
      >
    >
  }

  const pdfmake: {
    virtualfs: { writeFileSync(name: string, bytes: Uint8Array): void }
    setFonts(fonts: Readonly<Record<string, { normal: string; bold: string }>>): void
    setUrlAccessPolicy(allows: (url: string) => boolean): void
    setLocalAccessPolicy(allows: (path: string) => boolean): void
    createPdf(definition: Definition): { getBuffer(): Promise<Buffer> }
  }
  export default pdfmake
}
