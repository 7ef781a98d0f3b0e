import { Page, PageHead } from '../../frame/Page.tsx'
import { useT } from '../../words/words.tsx'

export function Import() {
  const t = useT()
  return (
    <Page>
      <PageHead title={t('frame.settings')} />
    </Page>
  )
}
