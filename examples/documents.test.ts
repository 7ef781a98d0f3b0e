import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documented, pdfWritten, ublWritten } from './documents.ts'

const folder = join(import.meta.dirname, 'documents')

async function compare(file: string, text: string) {
  const path = join(folder, file)
  if (process.env.UPDATE_EXAMPLES) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, text)
  }
  expect(text).toBe(readFileSync(path, 'utf8'))
}

const byName = documented.map((one) => [one.name, one.invoice] as const)
const withoutUbl = /^(eu-consumer|outside-eu)-/

describe('the documents of the worked invoices', () => {
  it.each(byName)('%s reads in its PDF as it was checked', async (name, invoice) =>
    compare(`${name}.pdf.txt`, await pdfWritten(invoice)),
  )

  it.each(byName.filter(([name]) => !withoutUbl.test(name)))('%s is the UBL that was checked', async (name, invoice) =>
    compare(`${name}.xml`, (await ublWritten(invoice)) ?? ''),
  )

  it.each(byName.filter(([name]) => withoutUbl.test(name)))('%s goes nowhere as an e-invoice', async (_, invoice) =>
    expect(await ublWritten(invoice)).toBeNull(),
  )

  it('have a file each, and there is no other', () => {
    const files = byName.flatMap(([name]) => [`${name}.pdf.txt`, ...(withoutUbl.test(name) ? [] : [`${name}.xml`])])
    expect(readdirSync(folder).sort()).toEqual(files.sort())
  })
})
