import { Link } from '@tanstack/react-router'
import { Body, Page, PageHead, TwoColumns } from '../../frame/Page.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AbsenceKinds } from './AbsenceKinds.tsx'
import { PublicHolidays } from './PublicHolidays.tsx'

export function AbsenceSettings() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  return (
    <Page>
      <PageHead
        title={t('absence-settings.title')}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
      />
      {may('firm:write') ? (
        <TwoColumns side={420}>
          <Body>
            <PublicHolidays />
          </Body>
          <Body>
            <AbsenceKinds />
          </Body>
        </TwoColumns>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
    </Page>
  )
}
