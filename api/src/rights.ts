/**
 * What a person or a key may do. Roles are sets of rights; a member may hold several roles.
 * `hours:…` is hours, expenses and trips alike: one's own, those of the projects one manages, or all; who may approve
 * decides on what he may see.
 */
export const rights = [
  'hours:own',
  'hours:managed',
  'hours:read',
  'hours:write',
  'hours:approve',
  'reimbursements:read',
  'reimbursements:write',
  'reports:read',
  'customers:read',
  'customers:write',
  'projects:read',
  'projects:write',
  'activities:write',
  'rates:read',
  'rates:write',
  'people:read',
  'people:write',
  'invoices:read',
  'invoices:write',
  'invoices:send',
  'postings:read',
  'postings:write',
  'connections:read',
  'connections:write',
  'payroll:read',
  'payroll:write',
  'firm:write',
  'keys:write',
  'history:read',
] as const

export type Right = (typeof rights)[number]

export const roles = ['employee', 'manager', 'finance', 'payroll', 'administrator'] as const
export type Role = (typeof roles)[number]

const employee: readonly Right[] = ['hours:own', 'projects:read']
const finance: readonly Right[] = [
  ...employee,
  'hours:read',
  'hours:write',
  'hours:approve',
  'reimbursements:read',
  'reimbursements:write',
  'reports:read',
  'customers:read',
  'customers:write',
  'projects:write',
  'activities:write',
  'rates:read',
  'rates:write',
  'people:read',
  'invoices:read',
  'invoices:write',
  'invoices:send',
  'postings:read',
  'postings:write',
  'connections:read',
  'history:read',
]

export const rightsOfRole: Readonly<Record<Role, readonly Right[]>> = {
  employee,
  manager: [
    ...employee,
    'hours:managed',
    'hours:approve',
    'reports:read',
    'customers:read',
    'people:read',
    'history:read',
  ],
  finance,
  payroll: [
    ...employee,
    'people:read',
    'reimbursements:read',
    'reimbursements:write',
    'payroll:read',
    'payroll:write',
    'postings:read',
    'connections:read',
  ],
  administrator: rights,
}

export const rightsOf = (held: readonly Role[]): ReadonlySet<Right> =>
  new Set(held.flatMap((role) => rightsOfRole[role]))
