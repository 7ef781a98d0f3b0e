import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { importSettingsQuery, useImportConnection } from './import-settings.ts'
import { useFollowTasks } from './TaskShown.tsx'

const places = {
  runs: '/f/$firm/settings/imports',
  conflicts: '/f/$firm/settings/imports/conflicts',
  proposals: '/f/$firm/settings/imports/proposals',
  vatCases: '/f/$firm/settings/imports/vat-cases',
} as const
type Place = keyof typeof places

/** The pages of imports, with how much waits on each. */
export function ImportPage({
  at,
  actions,
  tools,
  children,
}: {
  at: Place
  actions?: ReactNode
  tools?: ReactNode
  children: ReactNode
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const navigate = useNavigate()
  const { connection } = useImportConnection()
  const settings = useQuery({
    ...importSettingsQuery(connection?.id ?? ''),
    enabled: connection !== null && may('connections:read'),
  })
  useFollowTasks()
  const waiting = (count: number | undefined) => (count ? { count: format.count(count) } : {})
  return (
    <Page>
      <PageHead title={t('imports.title')} crumbs={[<SettingsCrumb key="settings" />]} actions={actions} />
      {may('connections:read') ? (
        <>
          <Tools>
            <Segments
              name={t('imports.pages')}
              value={at}
              options={[
                { value: 'runs', label: t('imports.runs') },
                { value: 'conflicts', label: t('imports.toDecide'), ...waiting(settings.data?.openConflicts) },
                { value: 'proposals', label: t('imports.proposals'), ...waiting(settings.data?.openProposals) },
                { value: 'vatCases', label: t('imports.vatCases'), ...waiting(settings.data?.vatCasesToConfirm) },
              ]}
              onChange={(value) => navigate({ to: places[value], params: { firm } })}
            />
            {tools}
          </Tools>
          {children}
        </>
      ) : (
        <NoRights />
      )}
    </Page>
  )
}
