import type { ReactNode } from 'react'
import { Facts } from './Notice.tsx'

const isEmpty = (value: unknown) => value === null || value === undefined || value === ''

/** For who may look but not change: what is filled in, as label and value. */
export function AsFacts<Body extends object>({
  body,
  labels,
  show,
}: {
  body: Body
  labels: Readonly<Record<string, string | undefined>>
  show: (field: string, value: unknown) => ReactNode
}) {
  return (
    <Facts
      rows={Object.entries(body)
        .filter(([field, value]) => labels[field] !== undefined && !isEmpty(value))
        .map(([field, value]) => [labels[field] ?? '', show(field, value)])}
    />
  )
}
