/** One element of a parsed document. */
export interface Element {
  readonly name: string
  readonly text: string
  readonly children: readonly Element[]
}

/** Strict: throws on anything that is not well-formed XML without attributes besides the namespace of the root. */
export function parseXml(xml: string): {
  readonly root: Element
  readonly comment: string
  readonly namespace: string
} {
  const head = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n(?:<!--((?:(?!--)[\s\S])*)-->\n)?/.exec(xml)
  if (!head) throw new Error('the document does not begin as one')
  const open: { name: string; text: string; children: Element[] }[] = [{ name: '', text: '', children: [] }]
  let at = head[0].length
  let namespace = ''
  const token = /<(\/?)([A-Za-z]+)(?: xmlns="([^"<>]+)")?(\/?)>|([^<]+)/gy
  token.lastIndex = at
  for (let found = token.exec(xml); found; found = token.exec(xml)) {
    const [, closes, name = '', xmlns, empty, text] = found
    at = token.lastIndex
    const current = open.at(-1)
    if (!current) throw new Error('more is closed than was opened')
    if (text !== undefined) {
      if (/&(?!(amp|lt|gt);)/.test(text)) throw new Error(`not an entity in ${text}`)
      if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text))
        throw new Error('a letter that XML has not')
      current.text += text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    } else if (closes) {
      if (current.name !== name) throw new Error(`${name} closes ${current.name}`)
      open.pop()
    } else {
      if (xmlns) namespace = xmlns
      const element = { name, text: '', children: [] }
      current.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (at !== xml.length) throw new Error(`not understood at ${at}: ${xml.slice(at, at + 40)}`)
  const [all, ...left] = open
  const root = all?.children[0]
  if (left.length > 0 || !root || all.children.length !== 1) throw new Error('the document is not closed')
  return { root, comment: head[1] ?? '', namespace }
}

type Kind = 'date' | 'amount' | 'count' | 'period' | 'percent' | 'side' | readonly string[] | number
interface Rule {
  readonly element: string
  /** `?` at most one, `*` any number, `1` exactly one, `+` at least one. */
  readonly times: '1' | '?' | '*' | '+'
  /** The longest text, the words it may be, or what it is; children for a branch. */
  readonly holds: Kind | readonly Rule[]
}

const one = (element: string, holds: Rule['holds']): Rule => ({ element, times: '1', holds })
const maybe = (element: string, holds: Rule['holds']): Rule => ({ element, times: '?', holds })
const any = (element: string, holds: Rule['holds']): Rule => ({ element, times: '*', holds })
const some = (element: string, holds: Rule['holds']): Rule => ({ element, times: '+', holds })
const isBranch = (holds: Rule['holds']): holds is readonly Rule[] =>
  Array.isArray(holds) && typeof holds[0] === 'object'

const address = [
  maybe('streetname', 999),
  maybe('number', 15),
  maybe('numberExtension', 999),
  maybe('property', 50),
  maybe('city', 50),
  maybe('postalCode', 10),
  maybe('region', 50),
  maybe('country', 2),
]

/** XAF 3.2 as its schema orders it; what we never write is left out, and is then unknown here too. */
const schema: Rule = one('auditfile', [
  one('header', [
    one('fiscalYear', 9),
    one('startDate', 'date'),
    one('endDate', 'date'),
    one('curCode', 3),
    one('dateCreated', 'date'),
    maybe('softwareDesc', 50),
    maybe('softwareVersion', 20),
  ]),
  one('company', [
    maybe('companyIdent', 35),
    one('companyName', 999),
    one('taxRegistrationCountry', 2),
    one('taxRegIdent', 30),
    any('streetAddress', address),
    any('postalAddress', address),
    maybe('customersSuppliers', [
      any('customerSupplier', [
        one('custSupID', 35),
        maybe('custSupName', 50),
        maybe('contact', 50),
        maybe('telephone', 30),
        maybe('fax', 30),
        maybe('eMail', 9999),
        maybe('website', 9999),
        maybe('commerceNr', 999),
        maybe('taxRegistrationCountry', 2),
        maybe('taxRegIdent', 30),
        maybe('relationshipID', 35),
        maybe('custSupTp', ['B', 'C', 'O', 'S']),
        maybe('custSupGrpID', 35),
        maybe('custCreditLimit', 'amount'),
        maybe('supplierLimit', 'amount'),
        any('streetAddress', address),
        any('postalAddress', address),
        any('bankAccount', [one('bankAccNr', 35), maybe('bankIdCd', 35)]),
      ]),
    ]),
    maybe('generalLedger', [
      some('ledgerAccount', [one('accID', 35), one('accDesc', 999), one('accTp', ['B', 'M', 'P'])]),
    ]),
    maybe('vatCodes', [
      any('vatCode', [one('vatID', 35), one('vatDesc', 999), maybe('vatToPayAccID', 35), maybe('vatToClaimAccID', 35)]),
    ]),
    maybe('periods', [
      any('period', [
        one('periodNumber', 'period'),
        maybe('periodDesc', 50),
        one('startDatePeriod', 'date'),
        one('endDatePeriod', 'date'),
      ]),
    ]),
    maybe('transactions', [
      one('linesCount', 'count'),
      one('totalDebit', 'amount'),
      one('totalCredit', 'amount'),
      any('journal', [
        one('jrnID', 35),
        one('desc', 9999),
        maybe('jrnTp', ['B', 'C', 'G', 'M', 'O', 'P', 'S', 'T', 'Y', 'Z']),
        maybe('offsetAccID', 35),
        maybe('bankAccNr', 35),
        any('transaction', [
          one('nr', 35),
          maybe('desc', 9999),
          one('periodNumber', 'period'),
          one('trDt', 'date'),
          maybe('amnt', 'amount'),
          maybe('amntTp', 'side'),
          maybe('sourceID', 35),
          maybe('userID', 35),
          any('trLine', [
            one('nr', 35),
            one('accID', 35),
            one('docRef', 999),
            one('effDate', 'date'),
            maybe('desc', 9999),
            one('amnt', 'amount'),
            one('amntTp', 'side'),
            maybe('recRef', 999),
            maybe('matchKeyID', 35),
            maybe('custSupID', 35),
            maybe('invRef', 999),
            maybe('orderRef', 999),
            any('vat', [
              one('vatID', 35),
              one('vatPerc', 'percent'),
              one('vatAmnt', 'amount'),
              one('vatAmntTp', 'side'),
            ]),
            maybe('currency', [one('curCode', 3), one('curAmnt', 'amount')]),
          ]),
        ]),
      ]),
    ]),
  ]),
])

/** What in a document is not as XAF 3.2 has it: order, number, length and form of elements, and names that name nothing. */
export function auditFileFaults(xml: string): readonly string[] {
  const { root, namespace } = parseXml(xml)
  return [
    ...(namespace === 'http://www.auditfiles.nl/XAF/3.2' ? [] : [`namespace ${namespace}`]),
    ...(root.name === schema.element ? faultsIn(root, schema, '') : [`root ${root.name}`]),
    ...nameFaults(root),
  ]
}

function faultsIn(element: Element, { holds }: Rule, path: string): string[] {
  const here = `${path}/${element.name}`
  if (!isBranch(holds)) {
    if (element.children.length > 0) return [`${here} has children`]
    return isHeld(element.text, holds) ? [] : [`${here} holds ${JSON.stringify(element.text)}`]
  }
  if (element.text.trim()) return [`${here} has text`]
  const faults: string[] = []
  let place = 0
  for (const rule of holds) {
    let count = 0
    for (; element.children[place]?.name === rule.element; place++, count++)
      faults.push(...faultsIn(element.children[place] as Element, rule, here))
    const wrong = rule.times === '1' ? count !== 1 : rule.times === '?' ? count > 1 : rule.times === '+' && count === 0
    if (wrong) faults.push(`${here} has ${count} ${rule.element}`)
  }
  const unknown = element.children[place]
  return unknown ? [...faults, `${here} has ${unknown.name} out of order`] : faults
}

function isHeld(text: string, kind: Kind): boolean {
  if (typeof kind === 'number') return text.length > 0 && [...text].length <= kind && text === text.trim()
  if (typeof kind !== 'string') return kind.includes(text)
  const forms = {
    date: /^\d{4}-\d\d-\d\d$/,
    amount: /^\d{1,18}\.\d\d$/,
    count: /^\d{1,10}$/,
    period: /^\d{1,3}$/,
    percent: /^\d{1,5}(\.\d{1,3})?$/,
    side: /^[CD]$/,
  } as const
  return forms[kind].test(text)
}

/** All elements at a path below one, such as `company/periods/period`. */
export const at = (root: Element, path: string): readonly Element[] =>
  path
    .split('/')
    .reduce<readonly Element[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [root],
    )

export const textAt = (root: Element, path: string): string | undefined => at(root, path)[0]?.text

/** Keys that stand twice, and references to keys that stand nowhere. */
function nameFaults(root: Element): string[] {
  const lines = 'company/transactions/journal/transaction/trLine'
  const keys = [
    ['company/generalLedger/ledgerAccount/accID', ['company/vatCodes/vatCode/vatToPayAccID', `${lines}/accID`]],
    ['company/customersSuppliers/customerSupplier/custSupID', [`${lines}/custSupID`]],
    ['company/vatCodes/vatCode/vatID', [`${lines}/vat/vatID`]],
    ['company/periods/period/periodNumber', ['company/transactions/journal/transaction/periodNumber']],
    ['company/transactions/journal/jrnID', []],
  ] as const
  return keys.flatMap(([key, references]) => {
    const known = at(root, key).map(({ text }) => text)
    const twice = known.filter((text, index) => known.indexOf(text) !== index)
    const nowhere = references.flatMap((path) =>
      at(root, path)
        .map(({ text }) => text)
        .filter((text) => !known.includes(text)),
    )
    return [
      ...twice.map((text) => `${key} ${text} stands twice`),
      ...nowhere.map((text) => `${key} ${text} stands nowhere`),
    ]
  })
}
