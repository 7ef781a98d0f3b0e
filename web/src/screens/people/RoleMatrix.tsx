import { type Right, rightsOfRole } from '@uurwerk/api/rights.ts'
import { Icon } from '../../parts/icons.tsx'
import { useT, type Word } from '../../words/words.tsx'
import styles from './people.module.css'
import { roles, roleWords } from './roles.ts'

/** What a role may do, in the words of the work; the first right that is held says how far it goes. */
const lines: ReadonlyArray<{ readonly title: Word; readonly how: ReadonlyArray<readonly [Right, Word | null]> }> = [
  {
    title: 'people.may.write',
    how: [
      ['hours:write', 'people.may.all'],
      ['hours:own', 'people.may.own'],
    ],
  },
  {
    title: 'people.may.see',
    how: [
      ['hours:read', 'people.may.all'],
      ['hours:managed', 'people.may.managed'],
      ['hours:own', 'people.may.own'],
    ],
  },
  { title: 'people.may.approve', how: [['hours:approve', 'people.may.seen']] },
  { title: 'people.may.reimburse', how: [['reimbursements:write', null]] },
  {
    title: 'people.may.customers',
    how: [
      ['customers:write', null],
      ['customers:read', 'people.may.look'],
    ],
  },
  {
    title: 'people.may.projects',
    how: [
      ['projects:write', null],
      ['projects:read', 'people.may.look'],
    ],
  },
  { title: 'people.may.rates', how: [['rates:write', null]] },
  { title: 'people.may.reports', how: [['reports:read', 'people.may.seen']] },
  { title: 'people.may.invoices', how: [['invoices:send', null]] },
  {
    title: 'people.may.postings',
    how: [
      ['postings:write', null],
      ['postings:read', 'people.may.look'],
    ],
  },
  { title: 'people.may.payroll', how: [['payroll:write', null]] },
  {
    title: 'people.may.people',
    how: [
      ['people:write', null],
      ['people:read', 'people.may.look'],
    ],
  },
  {
    title: 'people.may.connections',
    how: [
      ['connections:write', null],
      ['connections:read', 'people.may.look'],
    ],
  },
  { title: 'people.may.firm', how: [['firm:write', null]] },
]

/** Roles beside each other. Read from the same table that the server goes by. */
export function RoleMatrix() {
  const t = useT()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by keyboard
    <section className={styles.matrix} tabIndex={0} aria-label={t('people.matrix')}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="only-spoken">{t('people.matrix')}</span>
            </th>
            {roles.map((role) => (
              <th key={role} scope="col">
                {t(roleWords[role])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ title, how }) => (
            <tr key={title}>
              <th scope="row">{t(title)}</th>
              {roles.map((role) => {
                const held = how.find(([right]) => rightsOfRole[role].includes(right))
                return (
                  <td key={role}>
                    {!held ? (
                      <span className="faint">–</span>
                    ) : held[1] ? (
                      t(held[1])
                    ) : (
                      <>
                        <Icon name="check" size={14} />
                        <span className="only-spoken">{t('people.may.yes')}</span>
                      </>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
