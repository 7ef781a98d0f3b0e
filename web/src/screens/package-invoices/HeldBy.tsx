import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useFirm } from '../../session.ts'

/** The way to what holds something: an invoice of ours, or a document that the package makes. */
export function HeldBy({
  held: { id, inPackage },
  children,
}: {
  held: { readonly id: string; readonly inPackage: boolean }
  children: ReactNode
}) {
  const { slug: firm } = useFirm()
  return inPackage ? (
    <Link to="/f/$firm/package-invoices/$packageInvoiceId" params={{ firm, packageInvoiceId: id }}>
      {children}
    </Link>
  ) : (
    <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: id }}>
      {children}
    </Link>
  )
}
