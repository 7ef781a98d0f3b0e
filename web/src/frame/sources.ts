import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../api.ts'
import { useFirm, useMay } from '../session.ts'
import { useT } from '../words/words.tsx'
import type { PaletteSource } from './palette.ts'

/** What `Ctrl/⌘ K` searches in this firm, as far as the person may see it. */
export function usePaletteSources(): readonly PaletteSource[] {
  const t = useT()
  const may = useMay()
  const navigate = useNavigate()
  const { slug: firm } = useFirm()
  return useMemo(() => {
    const query = (search: string) => ({ params: { query: { search, limit: 6 } } })
    const sources: PaletteSource[] = []
    if (may('customers:read')) {
      sources.push({
        id: 'customers',
        head: t('frame.customers'),
        search: async (text, signal) =>
          (await answer(api.GET('/customers', { ...query(text), signal }))).rows.map((customer) => ({
            id: `customer-${customer.id}`,
            label: customer.name,
            ...(customer.number ? { hint: customer.number } : {}),
            icon: 'customers',
            run: () => navigate({ to: '/f/$firm/customers/$customerId', params: { firm, customerId: customer.id } }),
          })),
      })
    }
    if (may('projects:read')) {
      sources.push({
        id: 'projects',
        head: t('frame.projects'),
        search: async (text, signal) =>
          (await answer(api.GET('/projects', { ...query(text), signal }))).rows.map((project) => ({
            id: `project-${project.id}`,
            label: project.name,
            ...(project.customerName ? { hint: project.customerName } : {}),
            icon: 'project',
            run: () => navigate({ to: '/f/$firm/projects/$projectId', params: { firm, projectId: project.id } }),
          })),
      })
    }
    if (may('invoices:read')) {
      sources.push({
        id: 'invoices',
        head: t('frame.invoices'),
        search: async (text, signal) =>
          (await answer(api.GET('/invoices', { ...query(text), signal }))).rows.map((invoice) => ({
            id: `invoice-${invoice.id}`,
            label: invoice.number ?? t('frame.draft'),
            hint: invoice.customerName,
            icon: 'document',
            run: () => navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: invoice.id } }),
          })),
      })
    }
    return sources
  }, [t, may, navigate, firm])
}
