import { z } from 'zod'
import { readStored } from '../store/stored.ts'
import type { FirmRow } from './invoice-rows.ts'

const texts = z.object({ introduction: z.string().default(''), closing: z.string().default('') })
const storedTexts = z.object({ nl: texts.prefault({}), en: texts.prefault({}) })
export type InvoiceTexts = z.output<typeof storedTexts>

/** What stands on every new draft, per language of the invoice. */
export const textsOf = ({ invoiceTexts }: Pick<FirmRow, 'invoiceTexts'>): InvoiceTexts =>
  readStored(storedTexts, invoiceTexts, 'the texts of invoices')

/** Those of a new draft in this language. */
export const textsFor = (firm: Pick<FirmRow, 'invoiceTexts'>, language: string): InvoiceTexts['nl'] =>
  textsOf(firm)[language === 'nl' ? 'nl' : 'en']
