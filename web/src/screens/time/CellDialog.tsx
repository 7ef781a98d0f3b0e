import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useT } from '../../words/words.tsx'
import { EntryForm } from './EntryForm.tsx'
import { useLockReason } from './lock-words.ts'
import styles from './time.module.css'
import { clockText } from './typed-time.ts'
import { type CellPlace, type HourEntry, isInCell, minutesOf } from './week-rows.ts'

interface CellDialogProps {
  readonly place: CellPlace
  readonly entries: readonly HourEntry[]
  readonly memberId: string
  readonly own: boolean
  readonly mayWrite: boolean
  readonly focus: 'duration' | 'note'
  readonly saved: (entry: HourEntry, before: HourEntry | null) => unknown
  readonly remove: (entry: HourEntry) => unknown
  readonly close: () => void
}

/** What stands in one cell: a form when it is one entry, a short list when there are more. */
export function CellDialog({ place, entries, close, focus, ...rest }: CellDialogProps) {
  const format = useFormat()
  const here = entries.filter((entry) => isInCell(entry, place))
  const [openId, setOpenId] = useState<string | 'new' | null>(() =>
    here.length === 0 ? 'new' : here.length === 1 ? (here[0]?.id ?? null) : null,
  )
  const opened = here.find(({ id }) => id === openId) ?? null
  const title = `${place.head.projectName}, ${place.head.activityName}`
  const back = () => (here.length > 1 ? setOpenId(null) : close())
  return (
    <Dialog open onClose={close} title={title} size={560}>
      <p className="muted" style={{ marginBottom: 14 }}>
        {[format.date(place.date, 'day'), place.head.customerName].filter(Boolean).join(' · ')}
      </p>
      {openId === null ? (
        <CellList {...{ entries: here, mayWrite: rest.mayWrite, open: setOpenId, close }} />
      ) : (
        <EntryForm
          key={opened?.id ?? 'new'}
          {...rest}
          entry={opened}
          date={place.date}
          head={place.head}
          focus={focus}
          close={back}
          remove={rest.mayWrite ? rest.remove : undefined}
        />
      )}
    </Dialog>
  )
}

function CellList({
  entries,
  mayWrite,
  open,
  close,
}: {
  entries: readonly HourEntry[]
  mayWrite: boolean
  open: (id: string) => void
  close: () => void
}) {
  const t = useT()
  const format = useFormat()
  const lockReason = useLockReason()
  return (
    <>
      <ul className={styles.cellList}>
        {entries.map((entry, at) => (
          <li key={entry.id}>
            <button type="button" onClick={() => open(entry.id)} data-autofocus={at === 0 || undefined}>
              <b className="fig">{format.hours(entry.minutes)}</b>
              <span>
                {entry.startMinute === null || entry.endMinute === null ? null : (
                  <span className="fig">
                    {clockText(entry.startMinute)}–{clockText(entry.endMinute)}{' '}
                  </span>
                )}
                {entry.note || <span className="faint">{t('time.entry.noNote')}</span>}
              </span>
              {entry.locked ? (
                <span className="row muted small">
                  <Icon name="lock" size={14} /> {lockReason(entry)}
                </span>
              ) : (
                <Icon name="next" size={14} />
              )}
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.cellSum}>
        {t('time.cell.together')} <b className="fig sum">{format.hours(minutesOf(entries))}</b>
      </p>
      <Foot>
        {mayWrite ? (
          <Button icon="plus" onClick={() => open('new')}>
            {t('time.cell.another')}
          </Button>
        ) : null}
        <Button onClick={close}>{t('parts.close')}</Button>
      </Foot>
    </>
  )
}
