import type { ReactNode } from 'react'
import { useFormat } from '../format.ts'
import styles from './parts.module.css'

/** A short code in a box: a VAT code, a rate. */
export const Code = ({ children }: { children: ReactNode }) => <span className={styles.codeBox}>{children}</span>

const initials = (name: string) => {
  const parts = name.trim().split(/\s+/)
  const [first = ''] = parts
  const last = parts.length > 1 ? (parts.at(-1) ?? '') : ''
  return (first.charAt(0) + last.charAt(0)).toUpperCase()
}

export const Avatar = ({ name }: { name: string }) => (
  // Drawn by the style sheet: as text they would belong to the name of the button around them (WCAG 2.5.3).
  <span className={styles.avatar} data-initials={initials(name)} aria-hidden="true" />
)

export interface Address {
  readonly name?: string | null
  readonly attention?: string | null
  readonly line1?: string | null
  readonly line2?: string | null
  readonly postcode?: string | null
  readonly city?: string | null
  /** Two letters, ISO 3166. */
  readonly country?: string | null
}

/** As it stands on an envelope: no empty lines, and no country when it is that of the firm (`home`). */
export function AddressBlock({ address, home }: { address: Address; home?: string }) {
  const { country } = useFormat()
  const lines = [
    address.name,
    address.attention,
    address.line1,
    address.line2,
    [address.postcode, address.city].filter(Boolean).join(' '),
    address.country && address.country !== home ? country(address.country) : null,
  ].filter((line): line is string => Boolean(line))
  return (
    <address className={styles.address}>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  )
}

/** Name above, what tells it apart below. */
export const TwoLines = ({ children, under }: { children: ReactNode; under?: ReactNode }) => (
  <span className={styles.two}>
    {children}
    {under ? <span>{under}</span> : null}
  </span>
)

/** Text for machines, shown as it is. */
export const Payload = ({ children, name }: { children: string; name: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1)
  <section className={styles.payload} tabIndex={0} aria-label={name}>
    <pre>{children}</pre>
  </section>
)
