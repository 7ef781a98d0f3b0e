import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { ConfirmVatCase } from '../customers/ConfirmVatCase.tsx'
import styles from './completeness.module.css'
import { type Connection, type Gap, rulesQuery, saveItem, saveRules, type Their } from './connection.ts'
import { optionOf, searchDimensions, searchTheirs } from './theirs.ts'

interface Mending {
  readonly connection: Connection
  readonly gap: Gap
  readonly mended: () => unknown
}

/** Another item for what has none, or one that may not stand on a line any more. */
export function ItemGap({ connection, gap, mended }: Mending) {
  const t = useT()
  const save = useAct({
    run: (item: string) => saveItem(connection.id, gap.subject, item),
    done: async () => {
      say(t('apps.items.saved', { subject: gap.name }))
      await mended()
    },
  })
  return (
    <div className={styles.mend}>
      <Picker
        aria-label={t('apps.items.of', { subject: gap.name })}
        placeholder={t('apps.setting.choose')}
        searchKey={`${connection.id} items`}
        search={searchTheirs(connection.id, 'items')}
        readOnly={save.isPending}
        onChange={(value) => value && save.mutate(value)}
      />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

/** Where item and VAT case are booked; what the item says itself is proposed and saved only by the button. */
export function RuleGap({ connection, gap, mended }: Mending) {
  const t = useT()
  const { data } = useQuery(rulesQuery(connection.id))
  const cell = data?.cells.find((one) => one.item === gap.item && one.vatTreatment === gap.vatTreatment)
  const [picked, setPicked] = useState<{ ledgerAccount?: string | null; vatCode?: string | null }>({})
  const now = {
    ledgerAccount: picked.ledgerAccount === undefined ? (cell?.ledgerAccount?.id ?? null) : picked.ledgerAccount,
    vatCode: picked.vatCode === undefined ? (cell?.vatCode?.id ?? null) : picked.vatCode,
  }
  const save = useAct({
    run: (rule: { item: string; vatTreatment: string; ledgerAccount: string; vatCode: string }) =>
      saveRules(connection.id, [
        {
          ...rule,
          costCentre: cell?.costCentre ?? null,
          costUnit: cell?.costUnit ?? null,
          version: cell?.version ?? null,
        },
      ]),
    done: async () => {
      say(t('apps.gaps.ruleSaved'))
      await mended()
    },
    failed: () => void mended(),
  })
  const { item, vatTreatment } = gap
  if (!item || !vatTreatment) return null
  const { ledgerAccount, vatCode } = now
  const field = (part: 'ledgerAccount' | 'vatCode', noun: 'ledgerAccounts' | 'vatCodes', proposed: Their | null) => (
    <Picker
      label={t(part === 'ledgerAccount' ? 'apps.rules.account' : 'apps.rules.vatCode')}
      placeholder={t('apps.setting.choose')}
      searchKey={`${connection.id} ${noun}`}
      search={searchTheirs(connection.id, noun)}
      chosen={proposed ? optionOf(proposed) : null}
      value={now[part]}
      onChange={(value) => setPicked({ ...picked, [part]: value })}
    />
  )
  return (
    <div className={styles.mend}>
      <div className={styles.rule}>
        {field('ledgerAccount', 'ledgerAccounts', cell?.ledgerAccount ?? null)}
        {field('vatCode', 'vatCodes', cell?.vatCode ?? null)}
        <Button
          size="sm"
          busy={save.isPending}
          disabled={!ledgerAccount || !vatCode}
          onClick={() => ledgerAccount && vatCode && save.mutate({ item, vatTreatment, ledgerAccount, vatCode })}
        >
          {t('apps.gaps.saveRule')}
        </Button>
      </div>
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

/** The cost centre or unit of a project, from the package's own. */
export function ProjectGap({ connection, gap, mended }: Mending) {
  const t = useT()
  const part = gap.problem.code.includes('cost-unit') ? 'costUnit' : 'costCentre'
  const save = useAct({
    run: async (code: string) => {
      const id = gap.projectId ?? ''
      const { version } = await answer(api.GET('/projects/{id}', { params: { path: { id } } }))
      return answer(
        api.PATCH('/projects/{id}', {
          params: { path: { id } },
          headers: ifMatch(version),
          body: { [part]: code },
        }),
      )
    },
    done: async () => {
      say(t('apps.gaps.projectSaved', { project: gap.name }))
      await mended()
    },
  })
  return (
    <div className={styles.mend}>
      <Picker
        aria-label={`${t(part === 'costUnit' ? 'apps.rules.costUnit' : 'apps.rules.costCentre')}, ${gap.name}`}
        placeholder={t('apps.setting.choose')}
        searchKey={`${connection.id} ${part}`}
        search={searchDimensions(connection.id, part)}
        readOnly={save.isPending}
        onChange={(value) => value && save.mutate(value)}
      />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

/** A VAT case that was derived, confirmed as it stands; who wants another opens the customer. */
export function VatCaseGap({
  id,
  name,
  unconfirmed,
  mended,
}: {
  readonly id: string
  readonly name: string
  readonly unconfirmed: NonNullable<Gap['unconfirmed']>
  readonly mended: () => unknown
}) {
  const t = useT()
  const { slug: firm } = useFirm()
  const { vatCase, version } = unconfirmed
  return (
    <div className={styles.confirm}>
      <ConfirmVatCase
        values={{ customerId: id, customer: name, vatCase, version: String(version) }}
        confirmed={mended}
      />
      <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: id }}>
        {t('apps.gaps.open')}
      </Link>
    </div>
  )
}
