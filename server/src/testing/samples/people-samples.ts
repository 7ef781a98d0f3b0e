import type { logoRoutes } from '@uurwerk/api/logo.ts'
import type { peopleRoutes } from '@uurwerk/api/people.ts'
import type { teamRoutes } from '@uurwerk/api/teams.ts'
import { sampleAdministrator } from '../../sample/sample-firm.ts'
import { pngOf } from '../picture.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

const firmInput = (word: string) => ({
  name: `${word} Twee`,
  address: { line1: `${word}laan 2`, postcode: '1234 AB', city: 'Utrecht', country: 'NL' },
  country: 'NL',
  vatId: 'NL123456782B01',
  currency: 'EUR',
  timeZone: 'Europe/Amsterdam',
  language: 'nl',
})
const noToken = 'a-token-that-nobody-was-given'

export const peopleSamples: SamplesOf<keyof typeof peopleRoutes | keyof typeof logoRoutes | keyof typeof teamRoutes> = {
  readSetup: () => [{}],
  setUp: () => [
    { body: { sample: true, language: 'nl' } },
    {
      body: {
        firm: firmInput('Nieuw'),
        administrator: { name: 'Nieuw', email: 'nieuw@example.nl', password: 'lang genoeg' },
      },
    },
  ],
  signIn: () => [{ body: { email: sampleAdministrator.email, password: sampleAdministrator.password } }],
  readSession: () => [{}],
  signOut: () => [{}],
  changePassword: () => [{ body: { current: 'password of administrator', next: 'password of administrator' } }],
  askPasswordReset: () => [{ body: { email: 'niemand@example.nl' } }],
  readPasswordReset: () => [{ params: { token: noToken } }],
  resetPassword: () => [{ params: { token: noToken }, body: { password: 'lang genoeg' } }],
  createFirm: ({ word }) => [{ body: { firm: firmInput(word) } }],
  readFirm: () => [{}],
  changeFirm: ({ firm, word }) => [
    { row: ['firm', firm.id], body: { phone: '030 123 45 67', website: `${word}.example` } },
  ],
  readMe: () => [{}],
  changeMe: ({ word }) => [{ body: { name: `${word} ik` } }],
  listPeople: () => [{}, { query: { archived: 'true' } }],
  invitePerson: ({ word }) => [
    { body: { name: `${word} Smit`, email: `smit@${word.toLowerCase()}.example`, roles: ['manager'] } },
  ],
  readPerson: ({ firm }) => [byId(firm.members.employee)],
  changePerson: ({ invited, team, word }) => [
    ofRow(['member', invited], {
      name: `${word} de Boer`,
      roles: ['employee', 'manager'],
      number: '12',
      startsOn: '2026-01-01',
      teamIds: [team],
      contractHours: [{ from: '2026-01-01', minutesPerDay: [480, 480, 480, 480, 0, 0, 0] }],
    }),
  ],
  makeResetLink: ({ invited }) => [byId(invited)],
  listTeams: () => [{}, { query: { archived: 'true' } }],
  createTeam: ({ firm, word }) => [{ body: { name: `${word} noord`, memberIds: [firm.members.employee] } }],
  changeTeam: ({ team, firm, word }) => [
    ofRow(['team', team], { name: `${word} oost`, memberIds: [firm.members.manager] }),
  ],
  listTags: () => [{}, { query: { archived: 'true' } }],
  createTag: ({ word }) => [{ body: { name: `${word} spoed` } }],
  changeTag: ({ tag, word }) => [ofRow(['tag', tag], { name: `${word} extra` })],
  inviteAgain: ({ invited }) => [byId(invited)],
  readInvitation: () => [{ params: { token: noToken } }],
  acceptInvitation: () => [{ params: { token: noToken }, body: { name: 'Iemand', password: 'lang genoeg' } }],
  listKeys: () => [{}],
  createKey: ({ word }) => [{ body: { name: `${word} tweede`, scopes: ['hours:own', 'hours:read'] } }],
  revokeKey: ({ key }) => [byId(key)],
  listHistory: ({ customer }) => [{ query: { subjectKind: 'customer', subjectId: customer.used } }],
  changeLogo: () => [{ bytes: pngOf([20, 113, 106], 64, 24) }],
  removeLogo: () => [{}],
  readLogo: ({ logo }) => [{ params: { sha256: logo } }],
}
