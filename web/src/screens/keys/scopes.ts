import type { Right } from '@uurwerk/api/rights.ts'
import type { Word } from '../../words/words.tsx'

export const scopeWords = {
  'hours:own': 'keys.scope.hoursOwn',
  'hours:managed': 'keys.scope.hoursManaged',
  'hours:read': 'keys.scope.hoursRead',
  'hours:write': 'keys.scope.hoursWrite',
  'hours:approve': 'keys.scope.hoursApprove',
  'reimbursements:read': 'keys.scope.reimbursementsRead',
  'reimbursements:write': 'keys.scope.reimbursementsWrite',
  'reports:read': 'keys.scope.reportsRead',
  'customers:read': 'keys.scope.read',
  'customers:write': 'keys.scope.write',
  'projects:read': 'keys.scope.read',
  'projects:write': 'keys.scope.write',
  'activities:write': 'keys.scope.activitiesWrite',
  'rates:read': 'keys.scope.ratesRead',
  'rates:write': 'keys.scope.ratesWrite',
  'people:read': 'keys.scope.peopleRead',
  'people:write': 'keys.scope.peopleWrite',
  'invoices:read': 'keys.scope.read',
  'invoices:write': 'keys.scope.invoicesWrite',
  'invoices:send': 'keys.scope.invoicesSend',
  'postings:read': 'keys.scope.read',
  'postings:write': 'keys.scope.postingsWrite',
  'connections:read': 'keys.scope.read',
  'connections:write': 'keys.scope.write',
  'payroll:read': 'keys.scope.read',
  'payroll:write': 'keys.scope.write',
  'firm:write': 'keys.scope.firmWrite',
  'keys:write': 'keys.scope.keysWrite',
  'history:read': 'keys.scope.historyRead',
} as const satisfies Record<Right, Word>

export const scopeGroups = [
  {
    title: 'keys.group.hours',
    scopes: [
      'hours:own',
      'hours:managed',
      'hours:read',
      'hours:write',
      'hours:approve',
      'reimbursements:read',
      'reimbursements:write',
      'reports:read',
    ],
  },
  { title: 'keys.group.customers', scopes: ['customers:read', 'customers:write'] },
  {
    title: 'keys.group.projects',
    scopes: ['projects:read', 'projects:write', 'activities:write', 'rates:read', 'rates:write'],
  },
  { title: 'keys.group.invoices', scopes: ['invoices:read', 'invoices:write', 'invoices:send'] },
  { title: 'keys.group.postings', scopes: ['postings:read', 'postings:write'] },
  { title: 'keys.group.connections', scopes: ['connections:read', 'connections:write'] },
  { title: 'keys.group.payroll', scopes: ['payroll:read', 'payroll:write'] },
  {
    title: 'keys.group.firm',
    scopes: ['people:read', 'people:write', 'firm:write', 'keys:write', 'history:read'],
  },
] as const satisfies ReadonlyArray<{ readonly title: Word; readonly scopes: readonly Right[] }>
