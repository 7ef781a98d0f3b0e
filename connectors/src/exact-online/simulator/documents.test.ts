import { describe, expect, it } from 'vitest'
import { TestClient } from './test-client.ts'

const guid = '00000000-0000-4000-8000-000000000000'

/** A signed-in client with an entry to hang documents on. */
function archive(language: 'nl' | 'en' = 'nl') {
  const client = new TestClient({ language }).signIn()
  const customer = client.idOf('crm/Accounts', '10012')
  const GLAccount = client.idOf('financial/GLAccounts', '8010')
  const entry = client.post('salesentry/SalesEntries', {
    Journal: '70',
    Customer: customer,
    EntryDate: '2026-03-31',
    YourRef: '2026-0042',
    SalesEntryLines: [{ GLAccount, AmountFC: 100, VATCode: '2' }],
  }).d
  const post = (values: object = {}) =>
    client.post('documents/Documents', {
      Subject: 'Factuur 2026-0042',
      Type: 10,
      Account: customer,
      DocumentDate: '2026-03-31',
      FinancialTransactionEntryID: entry.EntryID,
      ...values,
    })
  const attach = (document: unknown, values: object = {}) =>
    client.post('documents/DocumentAttachments', {
      Document: document,
      FileName: '2026-0042.pdf',
      Attachment: btoa('een factuur'),
      ...values,
    })
  return { client, customer, entry, post, attach }
}

describe('documents', () => {
  it('answer whole, with a category, a currency and a number of their own', () => {
    const { customer, entry, post } = archive()
    const made = post()
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({
      __metadata: { type: 'Exact.Web.Api.Models.Document' },
      Subject: 'Factuur 2026-0042',
      Type: 10,
      TypeDescription: 'Verkoopfactuur',
      Account: customer,
      AccountCode: '             10012',
      AccountName: 'Van Dalen Techniek B.V.',
      AmountFC: null,
      CategoryDescription: 'Klanten',
      Currency: 'EUR',
      DocumentDate: `/Date(${Date.UTC(2026, 2, 31)})/`,
      DocumentViewUrl: expect.stringMatching(
        /start\.exactonline\.nl\/docs\/DocViewContent\.aspx\?ID=[0-9a-f-]{36}&_Division_=1234567&Stamp=NL001$/,
      ),
      FinancialTransactionEntryID: entry.EntryID,
      HID: 1,
      HasEmptyBody: true,
      SendMethod: 0,
    })
    expect(post({ Body: 'Tekst' }).d).toMatchObject({ HID: 2, HasEmptyBody: false })
  })

  it('are found by their account and subject, and by the entry they belong to', () => {
    const { client, customer, entry, post } = archive()
    const ID = post().d.ID
    const found = (filter: string) => client.rows(`documents/Documents?$filter=${filter}&$select=ID`)
    expect(found(`Account eq guid'${customer}' and Subject eq 'Factuur 2026-0042'`)).toMatchObject([{ ID }])
    expect(found(`FinancialTransactionEntryID eq guid'${entry.EntryID}'`)).toMatchObject([{ ID }])
  })

  it('may be put on an entry, which then shows their number and subject', () => {
    const { client, entry, post } = archive()
    const path = `salesentry/SalesEntries(guid'${entry.EntryID}')`
    expect(client.put(path, { Document: guid }).value).toBe('Ongeldige referentie: Document')
    expect(client.put(path, { Document: post().d.ID }).status).toBe(204)
    expect(client.get(path).d).toMatchObject({ DocumentNumber: 1, DocumentSubject: 'Factuur 2026-0042', AmountFC: 121 })
  })

  it.each<[string, object, string, string]>([
    ['a subject', { Subject: '' }, 'Verplicht: Onderwerp', 'Required: Subject'],
    ['a type', { Type: undefined }, 'Verplicht: Type', 'Required: Type'],
    ['a type that may be made', { Type: 50 }, 'Ongeldig: Type', 'Invalid: Type'],
    ['an account that is there', { Account: guid }, 'Ongeldige referentie: Relatie', 'Invalid reference: Account'],
    [
      'an entry that is there',
      { FinancialTransactionEntryID: guid },
      'Ongeldige referentie: Boeking',
      'Invalid reference: Entry',
    ],
  ])('want %s', (_, values, nl, en) => {
    expect([archive('nl').post(values).value, archive('en').post(values).value]).toEqual([nl, en])
  })

  it('are changed and removed, with their files, and the log of deletions tells of both', () => {
    const { client, post, attach } = archive()
    const document = post().d.ID
    const file = attach(document).d.ID
    expect(client.put(`documents/Documents(guid'${document}')`, { Subject: 'Anders' }).status).toBe(204)
    expect(client.get(`documents/Documents(guid'${document}')`).d.Subject).toBe('Anders')
    expect(client.remove(`documents/Documents(guid'${document}')`).status).toBe(204)
    const gone = client.rows('sync/Deleted?$filter=Timestamp gt 1L').map((row) => [row.EntityType, row.EntityKey])
    expect(gone).toEqual([
      [4, file],
      [6, document],
    ])
  })

  it('have types of which not all may be made', () => {
    const types = archive().client.rows('documents/DocumentTypes?$select=ID,Description,DocumentIsCreatable')
    expect(types).toContainEqual(
      expect.objectContaining({ ID: 10, Description: 'Verkoopfactuur', DocumentIsCreatable: true }),
    )
    expect(types).toContainEqual(expect.objectContaining({ ID: 50, DocumentIsCreatable: false }))
  })
})

describe('files of documents', () => {
  it('never come along in an answer, which gives their size and address', () => {
    const { client, post, attach } = archive()
    const document = post().d.ID
    const made = attach(document)
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({
      __metadata: { type: 'Exact.Web.Api.Models.DocumentAttachment' },
      Attachment: null,
      FileName: '2026-0042.pdf',
      FileSize: 11,
      Url: expect.stringContaining(`/docs/SysAttachment.aspx?ID=${made.d.ID}`),
      Document: document,
    })
    expect(client.rows(`documents/DocumentAttachments?$filter=Document eq guid'${document}'`)).toMatchObject([
      { ID: made.d.ID, Attachment: null },
    ])
  })

  it('are had at their address by who holds a token', () => {
    const { client, post, attach } = archive()
    const Url = String(attach(post().d.ID).d.Url)
    const answer = client.raw('GET', `${Url}&Download=1`, { authorization: `Bearer ${client.access}` })
    expect([answer.status, new TextDecoder().decode(answer.body as Uint8Array)]).toEqual([200, 'een factuur'])
    expect(client.raw('GET', Url).status).toBe(401)
  })

  it('must be base64: anything else is of the wrong type', () => {
    const { post, attach } = archive()
    const answer = attach(post().d.ID, { Attachment: 'geen base64!' })
    expect(answer.status).toBe(400)
    expect(answer.value).toContain("for property 'Attachment' to type 'Byte[]'")
  })

  it('want a document that is there, a name and a content', () => {
    const { attach } = archive()
    expect(attach(guid).value).toBe('Ongeldige referentie: Document')
    expect(attach(guid, { FileName: '', Attachment: '' }).value).toContain('Verplicht: Bestandsnaam')
    expect(attach(undefined).value).toBe('Verplicht: Document')
  })

  it('are too large above ten million bytes', () => {
    const { post, attach } = archive()
    expect(attach(post().d.ID, { Attachment: 'AAAA'.repeat(3_400_000) }).value).toBe('Ongeldig: Bijlage (te groot)')
  })

  it('cannot be changed, only removed', () => {
    const { client, post, attach } = archive()
    const path = `documents/DocumentAttachments(guid'${attach(post().d.ID).d.ID}')`
    expect(client.put(path, { FileName: 'anders.pdf' }).status).toBe(405)
    expect(client.remove(path).status).toBe(204)
  })
})

describe('documents by row version', () => {
  it.each(['Documents', 'DocumentAttachments'])('come as %s, and again when they change', (name) => {
    const { client, post, attach } = archive()
    attach(post().d.ID)
    const rows = client.rows(`sync/Documents/${name}?$filter=Timestamp gt 1L&$select=ID,Timestamp`)
    expect(rows).toHaveLength(1)
    expect(typeof rows[0]?.Timestamp).toBe('string')
    expect(client.rows(`sync/Documents/${name}?$filter=Timestamp gt ${rows[0]?.Timestamp}L`)).toEqual([])
  })
})
