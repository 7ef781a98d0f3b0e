import { useState } from 'react'
import { Segments, SwitchField } from '../../parts/Choose.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './connection.module.css'
import type { Connection, SettingField } from './connection.ts'
import { type Noun, optionOf, searchTheirs } from './theirs.ts'
import { useSetting } from './use-setting.ts'

interface Setting {
  readonly connection: Connection
  readonly field: SettingField
}

/** A choice from one of the package's lists; a pasted code or identity finds its row. */
function SettingPicker({ connection, field }: Setting) {
  const t = useT()
  const may = useMay()
  const [waits, setWaits] = useState<string | null>(null)
  const { save, error } = useSetting(connection, field, () => setWaits(null))
  const missing = field.required && !field.chosen && !waits
  return (
    <div className={missing ? styles.missing : undefined}>
      <Picker
        label={field.label}
        description={field.help}
        error={error}
        placeholder={t('apps.setting.choose')}
        searchKey={`${connection.id} ${field.list}`}
        search={searchTheirs(connection.id, field.list as Noun)}
        chosen={field.chosen ? optionOf(field.chosen) : null}
        value={waits ?? field.chosen?.id ?? null}
        clearable={!field.required}
        readOnly={!may('connections:write') || save.isPending}
        required={field.required}
        withAsterisk={false}
        onChange={(value) => {
          setWaits(value)
          save.mutate(value)
        }}
      />
      {save.error && !error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

const valueOfSetting = ({ connection, field }: Setting): string =>
  connection.settings[field.name] ?? field.usual ?? (field.is === 'switch' ? 'false' : '')

function SettingSwitch({ connection, field }: Setting) {
  const may = useMay()
  const { save } = useSetting(connection, field)
  const value = save.isPending ? save.variables : valueOfSetting({ connection, field })
  return (
    <div>
      <SwitchField
        label={field.label}
        description={field.help}
        checked={value === 'true'}
        disabled={!may('connections:write') || save.isPending}
        onChange={(event) => save.mutate(String(event.currentTarget.checked))}
      />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

function SettingChoice({ connection, field }: Setting) {
  const may = useMay()
  const { save } = useSetting(connection, field)
  const value = (save.isPending ? save.variables : null) ?? valueOfSetting({ connection, field })
  return (
    <div className={styles.choice}>
      <div>
        <b>{field.label}</b>
        <p className="muted small">{field.help}</p>
      </div>
      <Segments
        name={field.label}
        value={value}
        options={field.choices}
        disabled={!may('connections:write') || save.isPending}
        onChange={(chosen) => save.mutate(chosen)}
      />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </div>
  )
}

/** What the package's manifest asks for: from its own lists, switches and choices. */
export function SalesSettings({ connection }: { connection: Connection }) {
  const t = useT()
  const of = (is: SettingField['is']) => connection.settingFields.filter((field) => field.is === is)
  const plain = [...of('switch'), ...of('choice')]
  return (
    <section aria-labelledby="sales">
      <h2 id="sales" tabIndex={-1}>
        {t('apps.sales')}
      </h2>
      <div className={styles.settings}>
        {of('list').map((field) => (
          <SettingPicker key={field.name} connection={connection} field={field} />
        ))}
      </div>
      {plain.length > 0 ? (
        <div className={styles.switches}>
          {plain.map((field) =>
            field.is === 'switch' ? (
              <SettingSwitch key={field.name} connection={connection} field={field} />
            ) : (
              <SettingChoice key={field.name} connection={connection} field={field} />
            ),
          )}
        </div>
      ) : null}
    </section>
  )
}
