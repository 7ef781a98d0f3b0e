import { type ReactNode, useId } from 'react'
import { CheckField } from '../../parts/Choose.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import styles from './people.module.css'
import { type Role, roles, roleTexts, roleWords } from './roles.ts'

export function RoleChoice({
  value,
  onChange,
  error,
  disabled,
}: {
  value: readonly Role[]
  onChange: (value: Role[]) => void
  error?: ReactNode
  disabled?: boolean
}) {
  const t = useT()
  const id = useId()
  return (
    <fieldset className={styles.roles} disabled={disabled} aria-describedby={error ? id : undefined}>
      <legend>
        <b>{t('people.roles')}</b>
      </legend>
      {roles.map((role, at) => (
        <CheckField
          key={role}
          // The first box answers for the field when its message asks for the focus.
          name={at === 0 ? 'roles' : `roles-${role}`}
          label={t(roleWords[role])}
          description={t(roleTexts[role])}
          checked={value.includes(role)}
          onChange={(event) =>
            onChange(roles.filter((one) => (one === role ? event.currentTarget.checked : value.includes(one))))
          }
        />
      ))}
      {error ? (
        <div id={id}>
          <StateLine is="refused">{error}</StateLine>
        </div>
      ) : null}
    </fieldset>
  )
}
