import { Switch } from '@mantine/core'
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields } from '../../parts/Form.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { CountryField } from '../../parts/place-fields.tsx'
import { StateLine } from '../../parts/State.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import styles from './absence-settings.module.css'
import { type HolidayRow, type Holidays, holidayRows } from './holiday-rows.ts'

interface Choice {
  readonly rule: string
  readonly free: boolean | null
  readonly onlyThisYear?: boolean
}
interface Change {
  readonly year: number
  readonly country?: string | null
  readonly region?: string | null
  readonly choices?: Choice[]
}

const readYear = (year: number, signal: AbortSignal) =>
  answer(api.GET('/holidays', { params: { query: { year } }, signal }))

/** Which public holidays are free: the country and region they come from, and each of them by itself. */
export function PublicHolidays() {
  const t = useT()
  const client = useQueryClient()
  const [year, setYear] = useState(() => yearOf(today()))
  const queries = useQueries({
    queries: [year, year + 1].map((one) => ({
      queryKey: ['holidays', one],
      queryFn: ({ signal }: { signal: AbortSignal }) => readYear(one, signal),
    })),
  })
  const change = useAct({
    run: ({ year: of, ...body }: Change) =>
      answer(api.PATCH('/holidays', { params: { query: { year: of } }, body: { ...body } })),
    done: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['holidays'] }),
        client.invalidateQueries({ queryKey: ['week'] }),
      ]),
    failed: (error) => sayProblem(error),
  })
  const [first, second] = queries.map(({ data }) => data)
  const failed = queries.find(({ isError }) => isError)
  return (
    <section className={styles.section} aria-labelledby="public-holidays">
      <div>
        <h2 id="public-holidays">{t('absence-settings.holidays')}</h2>
        <p>{t('absence-settings.holidays.text')}</p>
      </div>
      {failed ? (
        <ErrorNotice error={failed.error} retry={() => Promise.all(queries.map((one) => one.refetch()))} />
      ) : null}
      {first && second ? (
        <>
          <Place holidays={first} busy={change.isPending} onChange={(place) => change.mutate({ year, ...place })} />
          <Years
            holidays={[first, second]}
            change={change.isPending ? change.variables : undefined}
            onYear={setYear}
            onChange={change.mutate}
          />
        </>
      ) : failed ? null : (
        <>
          <Skeleton height={62} />
          <Skeleton height={420} />
        </>
      )}
    </section>
  )
}

function Place({
  holidays,
  busy,
  onChange,
}: {
  holidays: Holidays
  busy: boolean
  onChange: (place: { country?: string | null; region?: string | null }) => void
}) {
  const t = useT()
  const format = useFormat()
  const { country, chosenCountry, region, regions, countries, known } = holidays
  const place = format.country(country)
  return (
    <>
      <Fields>
        <CountryField
          label={t('absence-settings.country')}
          placeholder={chosenCountry ? '' : t('absence-settings.country.firm', { country: place })}
          only={countries}
          value={chosenCountry}
          clearable
          disabled={busy}
          onChange={(next) => onChange({ country: next })}
        />
        {regions.length > 0 ? (
          <Picker
            label={t('absence-settings.region')}
            placeholder={t('absence-settings.region.none')}
            options={regions.map(({ code, name }) => ({ value: code, label: name, hint: code }))}
            value={region}
            clearable
            disabled={busy}
            onChange={(next) => onChange({ region: next })}
          />
        ) : null}
      </Fields>
      {known ? null : <StateLine is="needs">{t('absence-settings.country.unknown', { country: place })}</StateLine>}
    </>
  )
}

function Years({
  holidays: [first, second],
  change,
  onYear,
  onChange,
}: {
  holidays: readonly [Holidays, Holidays]
  /** On its way to the server: shown as done. */
  change: Change | undefined
  onYear: (year: number) => void
  onChange: (change: Change) => void
}) {
  const t = useT()
  const [all, setAll] = useState(false)
  // What somebody has just switched off does not slip out of his hands.
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const rows = holidayRows(first, second)
  if (rows.length === 0) return null
  const isAside = ({ rule, aside }: HolidayRow) => aside && !touched.has(rule)
  const aside = rows.filter(isAside)
  const choose = (rule: string, change: Change) => {
    setTouched((before) => new Set([...before, rule]))
    onChange(change)
  }
  return (
    <>
      <div className={styles.years}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('absence-settings.holiday')}</th>
              <th scope="col">{t('absence-settings.everyYear')}</th>
              <th scope="col" className="fig">
                <IconButton
                  icon="back"
                  name={t('absence-settings.yearBefore')}
                  onClick={() => onYear(first.year - 1)}
                />
                {first.year}
                {/* A phone shows one year. */}
                <IconButton
                  icon="next"
                  name={t('absence-settings.yearAfter')}
                  className={styles.phone}
                  onClick={() => onYear(first.year + 1)}
                />
              </th>
              <th scope="col" className="fig">
                {second.year}
                <IconButton icon="next" name={t('absence-settings.yearAfter')} onClick={() => onYear(first.year + 1)} />
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .filter((row) => all || !isAside(row))
              .map((row) => (
                <Row
                  key={row.rule}
                  row={row}
                  years={[first.year, second.year]}
                  change={change}
                  onChange={(next) => choose(row.rule, next)}
                />
              ))}
          </tbody>
        </table>
      </div>
      {aside.length > 0 ? (
        <div>
          <Button kind="quiet" icon={all ? 'minus' : 'plus'} onClick={() => setAll(!all)}>
            {all ? t('absence-settings.fewer') : t('absence-settings.more', { count: aside.length })}
          </Button>
        </div>
      ) : null}
    </>
  )
}

function Row({
  row,
  years,
  change,
  onChange,
}: {
  row: HolidayRow
  years: readonly [number, number]
  change: Change | undefined
  onChange: (change: Change) => void
}) {
  const t = useT()
  const format = useFormat()
  const choose = (year: number, choice: Omit<Choice, 'rule'>) =>
    onChange({ year, choices: [{ rule: row.rule, ...choice }] })
  const [asked] = change?.choices?.filter(({ rule }) => rule === row.rule) ?? []
  const free = asked && !asked.onlyThisYear ? (asked.free ?? row.freeByDefault) : row.free
  const celebrated = row.years[0].length > 0 ? years[0] : years[1]
  return (
    <tr>
      <th scope="row">
        {row.name}
        {row.freeByDefault ? null : <small>{t('absence-settings.notPublic')}</small>}
      </th>
      <td>
        <Switch
          aria-label={t('absence-settings.everyYear.of', { name: row.name })}
          checked={free}
          withThumbIndicator={false}
          onChange={({ currentTarget: { checked } }) =>
            choose(celebrated, { free: checked === row.freeByDefault ? null : checked })
          }
        />
      </td>
      {row.years.map((days, at) => {
        const year = years[at] as number
        const [day] = days
        const pending = asked && (asked.onlyThisYear ? change?.year === year : true)
        const shown = pending ? (asked.free ?? free) : Boolean(day?.free)
        const dates = days.map(({ date }) => format.date(date, 'dayMonth')).join(', ')
        return (
          <td key={year} className={shown ? undefined : styles.works}>
            {day ? (
              <CheckField
                label={<span className="fig">{dates}</span>}
                aria-label={t('absence-settings.only.of', { name: row.name, date: format.date(day.date) })}
                checked={shown}
                onChange={({ currentTarget: { checked } }) =>
                  choose(year, { free: checked === free ? null : checked, onlyThisYear: true })
                }
              />
            ) : (
              <span className="faint">–</span>
            )}
          </td>
        )
      })}
    </tr>
  )
}
