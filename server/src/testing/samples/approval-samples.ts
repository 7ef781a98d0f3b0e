import type { approvalRoutes } from '@uurwerk/api/approvals.ts'
import { byId, type SamplesOf } from './sample.ts'

const noToken = 'a-token-that-nobody-was-given'
const week = { year: '2026', week: '10' }

export const approvalSamples: SamplesOf<keyof typeof approvalRoutes> = {
  actOnEntries: ({ hours, customer, project, activity, firm }) => [
    { body: { kind: 'hours', selection: { ids: [hours.free] }, act: 'write-off', reason: 'gaat niet door' } },
    { body: { kind: 'hours', selection: { ids: [hours.free] }, act: 'undo-write-off' } },
    {
      body: {
        kind: 'hours',
        selection: {
          filter: {
            customerId: [customer.used],
            projectId: [project.used],
            activityId: [activity.used],
            memberId: [firm.members.employee],
          },
          except: [hours.deleted],
        },
        act: 'approve',
      },
    },
    { body: { kind: 'expense', selection: { filter: { until: '2000-01-01' } }, act: 'submit' } },
    { body: { kind: 'trip', selection: { filter: { until: '2000-01-01' } }, act: 'submit' } },
  ],
  readEntryActs: ({ acts }) => [byId(acts)],
  listEntryActRows: ({ acts }) => [byId(acts)],
  submitWeek: ({ firm }) => [{ params: week, body: { memberId: firm.members.employee } }],
  withdrawWeek: ({ firm }) => [{ params: week, query: { memberId: firm.members.employee } }],
  listApprovalWeeks: () => [{}],
  countApprovalWeeks: () => [{}],
  readApprovalWeek: ({ firm }) => [{ params: { memberId: firm.members.employee, monday: '2026-03-02' } }],
  listApprovalRequests: ({ customer }) => [{}, { query: { customerId: customer.used, state: 'open' } }],
  previewApprovalRequests: () => [{}],
  createApprovalRequest: ({ customer, word, approvalRequest }) => [
    {
      body: {
        customerId: customer.used,
        email: `anna@${word.toLowerCase()}.example`,
        entries: [{ kind: 'hours', id: approvalRequest.waiting }],
      },
    },
  ],
  readApprovalRequest: ({ approvalRequest }) => [byId(approvalRequest.open)],
  sendApprovalRequest: ({ approvalRequest }) => [{ ...byId(approvalRequest.open), body: { expiresInDays: 7 } }],
  withdrawApprovalRequest: ({ approvalRequest }) => [byId(approvalRequest.open)],
  readApproval: () => [{ params: { token: noToken } }],
  answerApproval: () => [{ params: { token: noToken }, body: { name: 'Anna', decisions: 'approve-all' } }],
}
