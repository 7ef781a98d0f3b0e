import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { invoiceForTests, lineForTests } from '@uurwerk/core/invoicing/invoice-for-tests.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { expect, it } from 'vitest'
import { paymentCodeOf } from './payment-code.ts'

const base = invoiceForTests()
const invoice = (change: Partial<Invoice> = {}, firm: Partial<Invoice['firm']> = {}): Invoice =>
  invoiceForTests({
    number: '2026-0001',
    firm: { ...base.firm, iban: 'NL91 ABNA 0417 1643 00', name: 'Bureau Zoë & Zn', ...firm },
    ...change,
  })

it('tells a bank app name, IBAN, amount and number, as EPC069-12 has them', () => {
  expect(paymentCodeOf(invoice())).toBe(
    'BCD\n002\n1\nSCT\n\nBureau Zoë & Zn\nNL91ABNA0417164300\nEUR121.00\n\n\n2026-0001',
  )
  expect(paymentCodeOf(invoice({}, { bic: 'ABNANL2A' }))?.split('\n')[4]).toBe('ABNANL2A')
})

it.each([
  ['in another currency', invoice({ currency: 'USD' })],
  ['without an IBAN', invoice({}, { iban: null })],
  ['without a number', invoice({ number: null })],
  ['of a credit note', invoice({ kind: 'credit', lines: [lineForTests({ quantity: decimal('-1') })] })],
  ['of nothing', invoice({ lines: [lineForTests({ unitPrice: decimal('0') })] })],
  ['of a thousand million', invoice({ lines: [lineForTests({ unitPrice: decimal('900000000') })] })],
])('says nothing %s', (_, one) => expect(paymentCodeOf(one)).toBeNull())

it('stays within what the code holds, whatever the name', () => {
  const name = paymentCodeOf(invoice({}, { name: '株'.repeat(100) }))?.split('\n')[5]
  expect(name).toBe('株'.repeat(70))
  expect(paymentCodeOf(invoice({}, { name: '😀'.repeat(100) }))).toBeNull()
})
