import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { invoiceForTests, lineForTests } from '@uurwerk/core/invoicing/invoice-for-tests.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import { pdfText } from '../../testing/pdf-text.ts'
import { renderPdf } from './render.ts'

const base = invoiceForTests()
const firm = { ...base.firm, iban: 'NL91ABNA0417164300' }
const sent = { state: 'sent', number: '2026-0001', firm } as const
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => lineForTests({ id: `line-${at}`, description: `Regel ${at + 1}` }))
const pagesOf = async (change: Partial<Invoice> = {}) =>
  pdfText(await renderPdf({ invoice: invoiceForTests({ ...sent, ...change }), hours: [], ubl: null }))

const isLine = (text: string) => text.startsWith('Regel ')
const isTotal = (text: string) => text.startsWith('Te betalen')
const isPayment = (text: string) => text.startsWith('Graag betalen uiterlijk')

describe('the pages of an invoice', () => {
  it.each([1, 3, 4, 8, 11, 12, 14, 15, 17, 20, 22, 51, 54])(
    'with %i lines hold each line once, and the sums and the way to pay stand with the last of them',
    async (count) => {
      const pages = await pagesOf({ lines: linesOf(count), closing: 'Dank voor de samenwerking.' })
      const lines = pages.flat().filter(isLine)
      expect(lines.map((text) => text.split('  ')[0])).toEqual(linesOf(count).map(({ description }) => description))
      const lastPage = pages.at(-1) ?? []
      expect(lastPage.filter(isLine).length).toBeGreaterThanOrEqual(1)
      expect([lastPage.filter(isTotal).length, lastPage.filter(isPayment).length]).toEqual([1, 1])
      pages.forEach((page, at) => {
        expect(page.at(-1)).toMatch(new RegExp(`Blad ${at + 1} van ${pages.length}$`))
        if (page.some(isLine)) expect(page.join('\n')).toMatch(/Omschrijving {2}Aantal {2}Prijs/)
        if (at > 0) expect(page[0]).toBe('Voorbeeld Advies  Factuur 2026-0001')
      })
    },
  )

  it('with few lines and a long closing text go on to another page', async () => {
    const closing = Array.from({ length: 60 }, (_, at) => `Slotregel ${at + 1}`).join('\n')
    const pages = await pagesOf({ lines: linesOf(2), closing })
    expect(pages).toHaveLength(2)
    expect(pages[0]?.filter(isLine)).toHaveLength(2)
    expect(pages[1]?.filter(isPayment)).toHaveLength(1)
  })

  it('tell the VAT in the firm’s currency and the rate, and have no bank code, in another currency', async () => {
    const exchange = {
      rate: decimal('0.92435'),
      source: 'European Central Bank',
      date: calendarDate('2026-03-30'),
      vat: decimal('19.41'),
    }
    const [page = []] = await pagesOf({ currency: 'USD', exchange, language: 'en' })
    expect(page).toContain('VAT in EUR: 19.41, at 0.92435 (European Central Bank, 30 March 2026)')
    expect(page).toContain('To pay  USD 121.00')
    expect(page.join('\n')).not.toContain('Scan the code')
  })

  it.each([
    [
      'eu-business',
      'en',
      'Reverse charge: the customer accounts for the VAT (articles 44 and 196 Directive 2006/112/EC)',
    ],
    ['eu-business', 'nl', 'Btw verlegd (artikelen 44 en 196 Richtlijn 2006/112/EG)'],
    ['domestic-reverse-charge', 'nl', 'Btw verlegd (artikel 12, lid 5, Wet op de omzetbelasting 1968)'],
    ['domestic-exempt', 'nl', 'Vrijgesteld van btw (artikel 11 Wet op de omzetbelasting 1968)'],
    [
      'outside-eu',
      'en',
      'Not subject to VAT in the European Union: place of supply outside the EU (articles 44 and 59',
    ],
  ] as const)('of %s in %s say what the law asks for', async (vatTreatment, language, sentence) => {
    const [page = []] = await pagesOf({ language, lines: [lineForTests({ vatTreatment, vatRate: decimal('0') })] })
    expect(page.filter((text) => text.startsWith(sentence))).toHaveLength(1)
  })

  it('name both countries when the customer is abroad, and none when he is not', async () => {
    const address = { street: 'Werkstraße 8', postcode: '48529', city: 'Nordhorn', country: 'DE' }
    const customer = { ...base.customer, address }
    const [page = []] = await pagesOf({ customer })
    expect(page).toEqual(expect.arrayContaining(['Nederland', 'Duitsland']))
    const [athome = []] = await pagesOf()
    expect(athome.some((text) => text.includes('Nederland'))).toBe(false)
  })

  it('are the same bytes each time, with title and language', async () => {
    const render = () => renderPdf({ invoice: invoiceForTests({ ...sent, lines: linesOf(17) }), hours: [], ubl: null })
    const [first, second] = [Buffer.from(await render()), Buffer.from(await render())]
    expect(first.equals(second)).toBe(true)
    expect(first.toString('latin1')).toContain('/Lang (nl)')
    expect(first.toString('latin1')).toContain('/DisplayDocTitle true')
  })
})
