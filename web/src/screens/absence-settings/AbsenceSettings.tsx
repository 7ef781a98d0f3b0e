import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead, TwoColumns } from '../../frame/Page.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AbsenceKinds } from './AbsenceKinds.tsx'
import { PublicHolidays } from './PublicHolidays.tsx'

export function AbsenceSettings() {
  const t = useT()
  const may = useMay()
  return (
    <Page>
      <PageHead title={t('absence-settings.title')} crumbs={[<SettingsCrumb key="settings" />]} />
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
