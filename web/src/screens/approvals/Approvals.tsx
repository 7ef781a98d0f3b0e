import { getRouteApi } from '@tanstack/react-router'
import { Body, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Requests } from './Requests.tsx'
import { useFollowApprovals } from './use-follow-approvals.ts'
import { Weeks } from './Weeks.tsx'

const route = getRouteApi('/f/$firm/approvals')

/** What waits for my decision, and what customers were asked. */
export function Approvals() {
  const t = useT()
  const may = useMay()
  const { tab } = route.useSearch()
  const navigate = route.useNavigate()
  useFollowApprovals()
  return (
    <Page>
      <PageHead title={t('approvals.title')} />
      {may('hours:approve') ? (
        <>
          <Tools>
            <Segments
              name={t('approvals.tabs')}
              value={tab ?? 'weeks'}
              options={[
                { value: 'weeks', label: t('approvals.tab.weeks') },
                { value: 'customers', label: t('approvals.tab.customers') },
              ]}
              onChange={(value) => navigate({ search: value === 'weeks' ? {} : { tab: 'customers' }, replace: true })}
            />
          </Tools>
          {tab === 'customers' ? <Requests /> : <Weeks />}
        </>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
    </Page>
  )
}
