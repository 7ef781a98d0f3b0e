import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { addDays } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api, ifMatch } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead, TwoColumns } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { SwitchField } from '../../parts/Choose.tsx'
import { ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { State, StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type ReminderSettings as Settings, settingsQuery, stepWord } from '../reminders/reminder.ts'
import styles from '../reminders/reminders.module.css'

const toValues = ({ automatic, days }: Settings) => ({ automatic, days: days.map(String) })
type Values = ReturnType<typeof toValues>
const toBody = ({ automatic, days }: Values) => ({ automatic, days: days.map(Number) as [number, number, number] })

const isDays = (text: string) => /^[1-9]\d{0,2}$/.test(text.trim()) && Number(text) <= 365

/** What happens to an invoice that is due today and stays open. */
function Example({ days }: { days: readonly string[] }) {
  const t = useT()
  const format = useFormat()
  const due = today()
  return (
    <section aria-labelledby="reminders-example">
      <h2 id="reminders-example">{t('reminders.example')}</h2>
      <ol className={styles.steps}>
        <li className={styles.step}>
          <span className="muted fig">{format.date(due, 'short')}</span>
          <span>{t('reminders.example.due', { date: format.date(due) })}</span>
        </li>
        {days.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the step is what a row is
          <li key={index} className={styles.step}>
            <span className="muted fig">{isDays(text) ? format.date(addDays(due, Number(text)), 'short') : '–'}</span>
            <span>{t('reminders.example.step', { step: t(stepWord(index + 1)) })}</span>
          </li>
        ))}
      </ol>
      <p className="muted small">{t('reminders.example.paid')}</p>
    </section>
  )
}

/** What waits for the next run, and who is left out of it. */
function Beside({ settings, days }: { settings: Settings; days: readonly string[] }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const { due, nextRunAt, off, held, automatic } = settings
  return (
    <div className={styles.side}>
      <Example days={days} />
      <section aria-labelledby="reminders-run">
        <h2 id="reminders-run">{t('reminders.run')}</h2>
        <p>{nextRunAt ? format.moment(nextRunAt) : <span className="muted">{t('reminders.run.off')}</span>}</p>
        {due.invoices === 0 ? (
          <p className="muted">{t('reminders.run.due', { count: 0, shown: '0' })}</p>
        ) : (
          <StateLine is={automatic ? 'progress' : 'needs'} icon="mail">
            <Link to="/f/$firm/reminders" params={{ firm }} search={{ due: true }}>
              {t('reminders.run.due', { count: due.invoices, shown: format.count(due.invoices) })}
            </Link>{' '}
            {t('reminders.run.customers', { count: due.customers, shown: format.count(due.customers) })}
          </StateLine>
        )}
      </section>
      <section aria-labelledby="reminders-off">
        <h2 id="reminders-off">{t('reminders.off')}</h2>
        {off.length === 0 ? <p className="muted">{t('reminders.off.none')}</p> : null}
        <ul className={styles.names}>
          {off.map(({ customerId, customerName }) => (
            <li key={customerId}>
              <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId }}>
                {customerName}
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="reminders-held">
        <h2 id="reminders-held">{t('reminders.held')}</h2>
        {held.length === 0 ? <p className="muted">{t('reminders.held.none')}</p> : null}
        <ul className={styles.names}>
          {held.map(({ invoiceId, number, customerName }) => (
            <li key={invoiceId}>
              <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId }}>
                {number}
              </Link>{' '}
              <span className="muted">{customerName}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

function Edit({ settings }: { settings: Settings }) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const daysText = (text: string) => (isDays(text) ? null : t('reminders.days.wrong'))
  const after = (index: number) => (text: string, values: Values) =>
    daysText(text) ?? (Number(text) > Number(values.days[index - 1]) ? null : t('reminders.days.order'))
  const { form, tell } = useEditForm({
    thing: settings,
    toValues,
    toBody,
    validate: (values: Values) => ({
      'days.0': daysText(values.days[0] ?? ''),
      'days.1': after(1)(values.days[1] ?? '', values),
      'days.2': after(2)(values.days[2] ?? '', values),
    }),
    labels: { automatic: t('reminders.automatic'), days: t('reminders.days') },
    show: (field, value) =>
      field === 'automatic'
        ? t(value ? 'reminders.on.yes' : 'reminders.on.no')
        : (value as readonly number[]).map((one) => format.count(one)).join(', '),
    change: (body, version) => answer(api.PATCH('/reminder-settings', { headers: ifMatch(version), body })),
    saved: async (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved)
      say(t('reminders.saved'))
      await client.invalidateQueries({ queryKey: ['reminders'] })
    },
  })
  const values = form.form.getValues()
  const { invoices } = settings.due
  return (
    <TwoColumns side={420}>
      <Body narrow>
        <Form form={form} tell={tell}>
          <LeaveGuard form={form} />
          {settings.mailWorks ? null : (
            <Notice is="needs" title={t('letters.off')}>
              <Link to="/f/$firm/settings/mail" params={{ firm }}>
                {t('letters.problem.settings')}
              </Link>
            </Notice>
          )}
          <SwitchField
            label={t('reminders.automatic')}
            description={t('reminders.automatic.text')}
            {...form.check('automatic')}
          />
          {values.automatic && !settings.automatic && invoices > 0 ? (
            <State is="needs" icon="mail">
              {t('reminders.run.will', { count: invoices, shown: format.count(invoices) })}
            </State>
          ) : null}
          <FormPart title={t('reminders.days')} text={t('reminders.days.text')}>
            <div className={styles.days}>
              {[0, 1, 2].map((index) => (
                <TextField
                  key={index}
                  label={t(stepWord(index + 1))}
                  inputMode="numeric"
                  rightSection={<span className="muted small">{t('reminders.days.unit')}</span>}
                  rightSectionWidth={54}
                  {...form.field(`days.${index}`)}
                />
              ))}
            </div>
          </FormPart>
          <FormFoot
            form={form}
            action={t('reminders.save')}
            more={
              <ButtonLink kind="quiet" to="/f/$firm/settings/mail" params={{ firm }}>
                {t('reminders.texts')}
              </ButtonLink>
            }
            stays
          />
        </Form>
      </Body>
      <Body>
        <Beside settings={settings} days={values.days} />
      </Body>
    </TwoColumns>
  )
}

/** When reminders go out, by themselves or not, and who gets none. */
export function ReminderSettings() {
  const t = useT()
  const may = useMay()
  const mayChange = may('firm:write')
  const client = useQueryClient()
  const query = useQuery({ ...settingsQuery, enabled: mayChange })
  useEvents(mayChange ? '/events' : null, {
    look: () => client.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  })
  return (
    <Page>
      <PageHead title={t('reminders.title')} crumbs={[<SettingsCrumb key="settings" />]} />
      {!mayChange ? (
        <Body>
          <NoRights />
        </Body>
      ) : query.data ? (
        <Edit settings={query.data} />
      ) : query.isError ? (
        <Body>
          <ErrorState error={query.error} retry={query.refetch} />
        </Body>
      ) : (
        <PageSkeleton />
      )}
    </Page>
  )
}
