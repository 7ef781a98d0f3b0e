export interface Recipient {
  readonly address: string
  readonly name?: string
}

/** As many as one letter goes to. */
export const mostRecipients = 20

/** What a mail address looks like; whether it exists is known to its own server alone. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]+$/u.test(text)

const outsideQuotes = /[,;\n\r\t]+(?=(?:[^"]*"[^"]*")*[^"]*$)/

/**
 * What people type and paste: `anna@klant.nl`, `Anna Bakker <anna@klant.nl>`, several of them with commas, semicolons
 * or lines between. What is no address stays as it was typed, so that it can be mended.
 */
export function readRecipients(typed: string): Recipient[] {
  return typed.split(outsideQuotes).flatMap((part) => {
    const text = part.trim()
    const named = /^(.*?)<([^<>]*)>$/.exec(text)
    if (named) {
      const [name, address] = [(named[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), (named[2] ?? '').trim()]
      return name ? [{ address, name }] : [{ address }]
    }
    const words = text.split(/\s+/).filter(Boolean)
    return words.length > 1 && words.every(isAddress)
      ? words.map((address) => ({ address }))
      : text
        ? [{ address: text }]
        : []
  })
}

/** Typed so far is an address, and not the middle of a name in quotes: a comma after it begins the next. */
export const isWhole = (typed: string): boolean =>
  typed.trim() !== '' &&
  (typed.match(/"/g)?.length ?? 0) % 2 === 0 &&
  readRecipients(typed).every(({ address }) => isAddress(address))

const same = (a: Recipient, b: Recipient) => a.address.toLowerCase() === b.address.toLowerCase()

/** Each address once, the first with a name before one without. */
export function onceEach(recipients: readonly Recipient[]): Recipient[] {
  const kept: Recipient[] = []
  for (const one of recipients) {
    const at = kept.findIndex((other) => same(other, one))
    if (at === -1) kept.push(one)
    else if (!kept[at]?.name && one.name) kept[at] = one
  }
  return kept
}

/** `Anna Bakker <anna@klant.nl>`, or the address alone. */
export const recipientText = ({ address, name }: Recipient): string => (name ? `${name} <${address}>` : address)

/** As the API answers them, where nobody is called has a name of null. */
export const toKnown = (
  people: ReadonlyArray<{ readonly address: string; readonly name: string | null }>,
): Recipient[] => people.map(({ address, name }) => (name ? { address, name } : { address }))
