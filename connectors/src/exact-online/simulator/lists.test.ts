import { describe, expect, it } from 'vitest'
import { editDivision, fillAccounts } from './bookkeeper.ts'
import { base, TestClient } from './test-client.ts'

const signedIn = () => new TestClient().signIn()

describe('a list', () => {
  it('comes in pages of sixty, every row once', () => {
    const client = signedIn()
    const { rows, pages } = client.all('financial/GLAccounts?$select=ID,Code')
    expect(pages).toBe(2)
    expect(new Set(rows.map(({ ID }) => ID)).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(60)
  })

  it('writes the last key into the link to the next page', () => {
    const { d } = signedIn().get('financial/GLAccounts?$select=ID,Code')
    const results = d.results as unknown as { ID: string }[]
    const last = results.at(-1)?.ID
    expect(d.__next).toBe(`${base}/api/v1/1234567/financial/GLAccounts?$select=ID,Code&$skiptoken=guid'${last}'`)
  })

  it('keeps a $top above the page size up: sixty rows, and the rest in the link', () => {
    const client = signedIn()
    const { d } = client.get('financial/GLAccounts?$select=ID&$top=70&$skip=0')
    expect((d.results as unknown as unknown[]).length).toBe(60)
    expect(d.__next).toMatch(/\?\$select=ID&\$top=10&\$skiptoken=guid'/)
    expect(client.all('financial/GLAccounts?$select=ID&$top=70').rows.length).toBe(70)
  })

  it('is bare when $top fits in one page, and has results otherwise', () => {
    const client = signedIn()
    expect(JSON.parse(client.get('crm/Accounts?$top=1').text).d).toHaveLength(1)
    expect(JSON.parse(client.get('crm/Accounts').text).d.results).toBeDefined()
    expect(JSON.parse(client.get("crm/Accounts?$filter=Name eq 'x'").text).d).toEqual({ results: [] })
  })

  it('goes on where it was when rows disappear between two pages, also in another order', () => {
    const client = signedIn()
    fillAccounts(client.desk, 100)
    const first = client.get("crm/Accounts?$select=ID,Name&$orderby=Name desc&$filter=startswith(Name,'Klant')").d
    const seen = first.results as unknown as { ID: string }[]
    client.remove(`crm/Accounts(guid'${seen[3]?.ID}')`)
    const rest = client.rows(String(first.__next))
    expect(rest).toHaveLength(40)
  })

  it('links on in an order of time with colons encoded, and the rest of $top before the cursor', () => {
    const client = signedIn()
    fillAccounts(client.desk, 100)
    const first = client.get('crm/Accounts?$orderby=Modified asc&$select=ID,Modified&$top=100').d
    const next = String(first.__next)
    expect(next.slice(next.indexOf('?'))).toMatch(
      /^\?\$orderby=Modified%20asc&\$select=ID,Modified&\$top=40&\$skiptoken=datetime'2026-\d\d-\d\dT\d\d%3A\d\d%3A\d\d',guid'[0-9a-f-]{36}'$/,
    )
    expect(client.rows(next)).toHaveLength(40)
  })

  it('skips, orders and counts', () => {
    const client = signedIn()
    const codes = client.rows('cashflow/PaymentConditions?$orderby=PaymentDays desc,Code&$select=Code&$skip=1&$top=2')
    expect(codes.map(({ Code }) => Code)).toEqual(['30', '14'])
    expect(client.get('cashflow/PaymentConditions?$inlinecount=allpages').d.__count).toBe('5')
    expect(client.get('cashflow/PaymentConditions/$count').text).toBe('5')
  })

  it('selects fields in the order of the model, with the uri of each row', () => {
    const [row] = signedIn().rows("financial/Journals?$select=Code,ID&$filter=Code eq '70'")
    expect(Object.keys(row as object)).toEqual(['__metadata', 'ID', 'Code'])
    expect(row?.__metadata).toHaveProperty('uri', `${base}/api/v1/1234567/financial/Journals(guid'${row?.ID}')`)
  })

  it.each([
    'crm/Accounts?$select=Nonsense',
    "crm/Accounts?$filter=Nonsense eq 'x'",
    "crm/Accounts?$filter=Name eq 'x' and",
    "crm/Accounts?$filter=ID eq 'x'",
    'crm/Accounts?$filter=Name eq 5',
    'crm/Accounts?$orderby=Name sideways',
    'crm/Accounts?$top=many',
    'crm/Accounts?$expand=Lines',
    'crm/Accounts?$apply=x',
    "crm/Accounts?$filter=floor(Name) eq 'x'",
    "crm/Accounts?$filter=substring(Name) eq 'x'",
    "crm/Accounts?$filter=soundslike(Name,'x')",
    'crm/Accounts(00000000-0000-4000-8000-000000000000)',
    'crm/Accounts?$select=BankAccounts/Nonsense&$expand=Nonsense',
  ])('refuses %s', (path) => {
    const answer = signedIn().get(path)
    expect(answer.status).toBe(400)
    expect(answer.value).toBe('Bad Request - Error in query syntax.')
  })

  it.each([
    ["substringof('Dalen',Name) eq true", 1],
    ["startswith(Name,'Van') and endswith(Name,'B.V.')", 1],
    ["indexof(Name,'Dalen') eq 4", 1],
    ["substring(Name,4) eq 'Dalen Techniek B.V.'", 1],
    ["substring(Name,4,5) eq 'Dalen'", 1],
    ["concat(trim(Code),Name) eq '10012Van Dalen Techniek B.V.'", 1],
    ["replace(Name,'Van ','') eq 'Dalen Techniek B.V.'", 1],
    ["tolower(City) eq 'utrecht' and length(City) eq 7", 1],
    ['year(StartDate) eq 2025 and month(StartDate) eq 4 and day(StartDate) eq 10', 6],
    ['hour(StartDate) eq 0 and minute(StartDate) eq 0 and second(StartDate) eq 0', 6],
    ['round(CreditLineSales) eq 0 and floor(CreditLineSales) eq 0 and ceiling(CreditLineSales) eq 0', 6],
    ["not (Status eq 'C')", 2],
    ["Name eq 'O''Brien'", 0],
    ["Modified ge datetime'2025-01-01T00:00:00.5Z' and Source eq 2", 6],
  ])('filters by the functions and operators of OData: %s', (filter, found) => {
    expect(signedIn().rows(`crm/Accounts?$filter=${filter}`)).toHaveLength(found)
  })

  it('takes of an expanded collection only what is selected inside it', () => {
    const client = signedIn()
    const select = '$select=Code,VATPercentages/Percentage&$expand=VATPercentages'
    const { d } = client.get(`vat/VATCodes(guid'${client.idOf('vat/VATCodes', '2')}')?${select}`)
    expect(d).toMatchObject({ Code: '2  ', VATPercentages: { results: [{ Percentage: 0.21 }] } })
    const { results } = d.VATPercentages as unknown as { results: object[] }
    expect(results.map((row) => Object.keys(row))).toEqual([['__metadata', 'Percentage']])
  })

  it('refuses a wrong kind also while it is still empty', () => {
    expect(signedIn().get('salesentry/SalesEntries?$filter=YourRef eq 5').status).toBe(400)
    expect(signedIn().get("salesentry/SalesEntries?$filter=YourRef eq '5' or AmountFC gt 'x'").status).toBe(400)
    expect(signedIn().rows("salesentry/SalesEntries?$filter=YourRef eq '5' and Document eq null")).toEqual([])
  })

  it('is Atom unless JSON is asked for', () => {
    const answer = signedIn().get('crm/Accounts?$top=2&$select=Name', { accept: '*/*' })
    expect(answer.headers['content-type']).toContain('application/atom+xml')
    expect(answer.text.match(/<entry>/g)).toHaveLength(2)
    expect(answer.text).toMatch(/<d:Name>[^<]+<\/d:Name>/)
  })

  it.each([
    ['a guid', /<d:ID m:type="Edm\.Guid">[0-9a-f-]{36}<\/d:ID>/],
    ['a truth', /<d:Blocked m:type="Edm\.Boolean">false<\/d:Blocked>/],
    ['a date', /<d:StartDate m:type="Edm\.DateTime">2025-04-10T00:00:00<\/d:StartDate>/],
    ['a number that is not there', /<d:Latitude m:type="Edm\.Double" m:null="true" \/>/],
    ['a padded code', /<d:Code> {13}10012<\/d:Code>/],
    [
      'a collection',
      /<link rel="[^"]+\/related\/BankAccounts" type="application\/atom\+xml;type=feed" title="BankAccounts" href="[^"]+\/BankAccounts" \/>/,
    ],
    ['what it is', /<category term="Exact\.Web\.Api\.Models\.Account" scheme="[^"]+\/scheme" \/>/],
  ])('names the type of %s in Atom', (_, form) => {
    const client = signedIn()
    const path = `crm/Accounts(guid'${client.idOf('crm/Accounts', '10012')}')`
    expect(client.get(path, { accept: '*/*' }).text).toMatch(form)
  })

  it('counts and links on in Atom', () => {
    const { text } = signedIn().get('financial/GLAccounts?$select=ID&$inlinecount=allpages', { accept: '*/*' })
    expect(text).toMatch(/<m:count>\d{2}<\/m:count>/)
    expect(text).toMatch(/<link rel="next" href="[^"]+\$skiptoken=guid&#39;[0-9a-f-]{36}&#39;" \/><\/feed>$/)
  })

  it('finds one row by its key, and nothing under another', () => {
    const client = signedIn()
    const id = client.idOf('crm/Accounts', '10012')
    expect(client.get(`crm/Accounts(guid'${id}')`).d.Name).toBe('Van Dalen Techniek B.V.')
    expect(client.get('system/Divisions(1234568)').d.Hid).toBe('2')
    expect(client.get("crm/Accounts(guid'00000000-0000-4000-8000-000000000000')").status).toBe(404)
    expect(client.get('crm/Nonsense').status).toBe(404)
    expect(client.post('financial/Journals', {}).status).toBe(405)
  })
})

describe('mandatory filters', () => {
  it('are wanted of lists that are had by row version too, once an administration is held to them', () => {
    const client = signedIn()
    expect(client.get('crm/Accounts?$select=ID').status).toBe(200)
    editDivision(client.desk, { mandatoryFilters: true })
    const status = (path: string) => client.get(path).status
    expect([status('crm/Accounts?$select=ID'), status('bulk/CRM/Accounts?$select=ID')]).toEqual([400, 400])
    expect([status("crm/Accounts?$filter=Status eq 'C'"), status('sync/CRM/Accounts'), status('vat/VATCodes')]).toEqual(
      [200, 200, 200],
    )
  })
})

describe('bulk', () => {
  it('wants $select, refuses $skip, and gives a thousand a page', () => {
    const client = signedIn()
    fillAccounts(client.desk, 1_100)
    expect(client.get('bulk/CRM/Accounts').value).toBe(
      'Please add a $select or a $top=1 statement to the query string.',
    )
    expect(client.get('bulk/CRM/Accounts?$select=ID&$skip=5').status).toBe(400)
    const { rows, pages } = client.all('bulk/CRM/Accounts?$select=ID,Code')
    expect([rows.length, pages]).toEqual([1_106, 2])
  })
})

describe('values on the wire', () => {
  it('are padded: account codes to the right, countries, VAT codes and units to the left', () => {
    const client = signedIn()
    const [account] = client.rows("crm/Accounts?$filter=trim(Code) eq '10012'")
    expect(account).toMatchObject({ Code: '             10012', Country: 'NL ', SalesVATCode: '2  ' })
    expect(client.rows("vat/VATCodes?$filter=Code eq '2'")[0]).toMatchObject({ Code: '2  ', Percentage: 0.21 })
    expect(client.rows("logistics/Items?$filter=Code eq 'UREN-ONT'")[0]).toMatchObject({ Unit: 'hour    ' })
    expect(client.rows("financial/Journals?$filter=Code eq '70'")[0]).toMatchObject({ Code: '70' })
    expect(client.rows('cashflow/PaymentConditions?$orderby=Code')[0]).toMatchObject({ Code: '00' })
  })

  it('make a filter on an unpadded account code find nothing', () => {
    const client = signedIn()
    expect(client.rows("crm/Accounts?$filter=Code eq '10012'")).toEqual([])
    expect(client.rows(`crm/Accounts?$filter=Code eq '${'10012'.padStart(18)}'`)).toHaveLength(1)
  })

  it('show instants in server time as if UTC, summer and winter, and calendar dates at midnight', () => {
    const summer = new TestClient({ now: '2026-06-25T14:31:00.250Z' }).signIn()
    const winter = new TestClient({ now: '2026-01-25T14:31:00.250Z' }).signIn()
    const made = (client: TestClient) =>
      client.post('crm/Accounts', { Name: 'Nieuw' }, { prefer: 'return=representation' }).d.Created
    expect(made(summer)).toBe(`/Date(${Date.parse('2026-06-25T16:31:00.250Z')})/`)
    expect(made(winter)).toBe(`/Date(${Date.parse('2026-01-25T15:31:00.250Z')})/`)
    expect(summer.rows('/api/v1/current/Me')[0]).toMatchObject({
      ServerUtcOffset: 7200,
      ServerTime: '2026-06-25T16:31:00',
      Legislation: '1',
    })
    expect(winter.rows('/api/v1/current/Me')[0]).toMatchObject({ ServerUtcOffset: 3600 })
    const [period] = summer.rows('financial/FinancialPeriods?$filter=FinYear eq 2026 and FinPeriod eq 3')
    expect(period?.EndDate).toBe(`/Date(${Date.UTC(2026, 2, 31)})/`)
  })

  it('filter on Modified in server time', () => {
    const client = new TestClient({ now: '2026-06-25T14:31:00.000Z' }).signIn()
    client.post('crm/Accounts', { Name: 'Nieuw' })
    const since = (time: string) => client.rows(`crm/Accounts?$filter=Modified ge datetime'2026-06-25T${time}'`)
    expect(since('16:31:00')).toHaveLength(1)
    expect(since('16:31:01')).toHaveLength(0)
  })
})

describe('descriptions', () => {
  const described = (client: TestClient, path: string, language?: string) =>
    client.get(path, language ? { customdescriptionlanguage: language } : {}).d.Description

  it.each([
    ['financial/GLAccounts', '8020', 'Omzet advies', 'Revenue advice'],
    ['logistics/Items', 'UREN-ADV', 'Advies', 'Advice'],
  ])('of %s come in the language of the header, until somebody changes them', (list, code, nl, en) => {
    const client = signedIn()
    const path = `${list}(guid'${client.idOf(list, code)}')`
    expect([undefined, 'NL', 'NL-BE', 'EN'].map((language) => described(client, path, language))).toEqual([
      nl,
      nl,
      nl,
      en,
    ])
    client.put(path, { Description: 'Anders' })
    expect(described(client, path, 'EN')).toBe('Anders')
  })

  it('stay as they are in other lists', () => {
    const client = signedIn()
    const path = `financial/Journals(guid'${client.idOf('financial/Journals', '70')}')`
    expect(described(client, path, 'EN')).toBe('Verkoopboek')
  })
})

describe('the lists of the small firm', () => {
  it('hold what an import must skip, and what a mapping must refuse', () => {
    const client = signedIn()
    const accounts = client.rows('crm/Accounts?$select=Code,Status,Blocked,EndDate')
    expect(new Set(accounts.map(({ Status }) => Status))).toEqual(new Set(['C', 'P', 'A']))
    expect(accounts.some(({ Blocked }) => Blocked === true)).toBe(true)
    const items = client.rows('logistics/Items')
    expect(items.some((item) => item.GLRevenue === null && item.IsSalesItem)).toBe(true)
    expect(items.some((item) => item.IsFractionAllowedItem === false)).toBe(true)
    expect(items.some((item) => item.EndDate !== null)).toBe(true)
    expect(items.some((item) => item.IsSalesItem === false)).toBe(true)
    const groups = client.rows('logistics/ItemGroups')
    expect(groups.every((group) => typeof group.GLRevenue === 'string')).toBe(true)
    expect(groups.find(({ Code }) => Code === 'DIENST')?.GLRevenueCode).toBe('8010')
  })

  it('have periods from two years back until next year, and a status for each journal', () => {
    const client = signedIn()
    const { rows } = client.all('financial/FinancialPeriods')
    expect([...new Set(rows.map(({ FinYear }) => FinYear))].toSorted()).toEqual([2024, 2025, 2026, 2027])
    const statuses = client.rows("read/financial/JournalStatusList?$filter=Journal eq '70' and Year eq 2026")
    expect(statuses).toHaveLength(12)
    expect(statuses.every(({ Status }) => Status === 0)).toBe(true)
  })

  it('are the same for the same seed and differ for another', () => {
    const ids = (seed: number) =>
      new TestClient({ seed })
        .signIn()
        .rows('crm/Accounts')
        .map(({ ID }) => ID)
    expect(ids(3)).toEqual(ids(3))
    expect(ids(3)).not.toEqual(ids(4))
  })

  it('lead from a VAT code to its dated percentages', () => {
    const client = signedIn()
    const [code] = client.rows("vat/VATCodes?$filter=Code eq '2'")
    const link = JSON.stringify(code?.VATPercentages).replace(/^.*"uri":"([^"]+)".*$/, '$1')
    expect(client.rows(link)[0]).toMatchObject({ Percentage: 0.21 })
  })

  it('name the divisions with their state', () => {
    const rows = signedIn().rows('system/Divisions')
    expect(rows.map(({ Code, Hid, Status, Country }) => [Code, Hid, Status, Country])).toEqual([
      [1234401, '3', 2, 'NL '],
      [1234567, '1', 1, 'NL '],
      [1234568, '2', 1, 'NL '],
    ])
  })
})
