import { type Role, roles } from '@uurwerk/api/rights.ts'
import type { Word } from '../../words/words.tsx'

export { type Role, roles }

export const roleWords = {
  employee: 'people.role.employee',
  manager: 'people.role.manager',
  finance: 'people.role.finance',
  payroll: 'people.role.payroll',
  administrator: 'people.role.administrator',
} as const satisfies Record<Role, Word>

/** What somebody with the role may do. */
export const roleTexts = {
  employee: 'people.role.employee.text',
  manager: 'people.role.manager.text',
  finance: 'people.role.finance.text',
  payroll: 'people.role.payroll.text',
  administrator: 'people.role.administrator.text',
} as const satisfies Record<Role, Word>
