import { z } from 'zod'
import { rights } from './rights.ts'
import { routes } from './route.ts'
import {
  address,
  byId,
  calendarDate,
  country,
  currency,
  email,
  id,
  instant,
  language,
  optionalText,
  role,
  shortText,
  version,
} from './shapes.ts'

const password = z.string().min(10).max(200).meta({ description: 'At least ten characters' })

const approvalFlow = z.enum(['off', 'internal', 'external', 'internal-external', 'external-internal'])

export const firmInput = z.object({
  name: shortText(80),
  address,
  country,
  vatId: optionalText(20).optional(),
  kvk: optionalText(20).optional(),
  iban: optionalText(34).optional(),
  email: email.nullable().optional(),
  phone: optionalText(30).optional(),
  website: optionalText(100).optional(),
  currency,
  timeZone: z.string().max(60).meta({ example: 'Europe/Amsterdam' }),
  language,
})

export const firm = firmInput
  .extend({
    id,
    slug: z.string(),
    approval: approvalFlow,
    /** Whether who approves may approve entries of his own. */
    approveOwn: z.boolean(),
    /** Up to and with this day nothing changes any more. */
    lockedUntil: calendarDate.nullable(),
    defaultPaymentDays: z.int(),
    defaultPaymentEndOfMonth: z.boolean(),
    /** The hash of its bytes, by which it is read. */
    logo: z.string().nullable(),
    sample: z.boolean(),
    version,
  })
  .meta({ id: 'Firm' })

/** Hours agreed per weekday, from a day on until the next row. */
const contractHours = z
  .object({
    from: calendarDate,
    minutesPerDay: z.array(z.int().min(0).max(1440)).length(7).meta({ description: 'Monday first' }),
  })
  .meta({ id: 'ContractHours' })

const employment = z.object({
  number: optionalText(20).meta({ description: 'Personnel number' }),
  startsOn: calendarDate.nullable().meta({ description: 'First day of employment' }),
  endsOn: calendarDate.nullable(),
  teamIds: z.array(id).max(100),
  contractHours: z.array(contractHours).max(200),
})

export const member = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    roles: z.array(role),
    language: language.nullable(),
    state: z.enum(['active', 'invited', 'archived']),
    number: z.string().nullable(),
    startsOn: calendarDate.nullable(),
    endsOn: calendarDate.nullable(),
    teamIds: z.array(id),
    contractHours: z.array(contractHours),
    version,
  })
  .meta({ id: 'Member' })

/** Yourself; `noticesByMail`: what needs you is mailed too, at most once an hour. */
const me = member.extend({ noticesByMail: z.boolean() }).meta({ id: 'Me' })

export const session = z
  .object({
    user: z.object({ id, name: z.string(), email: z.string() }),
    firms: z.array(
      z.object({
        id,
        slug: z.string(),
        name: z.string(),
        memberId: id,
        roles: z.array(role),
        rights: z.array(z.enum(rights)),
        language: language.nullable(),
        country,
        currency,
        timeZone: z.string(),
        sample: z.boolean(),
        /** Who approves hours, expenses and trips. */
        approval: approvalFlow,
      }),
    ),
  })
  .meta({ id: 'Session' })

const administrator = z.object({ name: shortText(80), email, password })

const byToken = z.object({ token: z.string().min(20).max(100) })

export const peopleRoutes = routes({
  readSetup: {
    id: 'read-setup',
    method: 'GET',
    path: '/setup',
    summary: 'Whether the first firm has yet to be made',
    tag: 'Session',
    access: 'anyone',
    answer: z.object({ needed: z.boolean(), sandbox: z.boolean(), mail: z.boolean(), version: z.string() }),
  },
  setUp: {
    id: 'set-up',
    method: 'POST',
    path: '/setup',
    summary: 'Make the first firm and its administrator, or the sample firm to explore; only once',
    tag: 'Session',
    access: 'anyone',
    status: 201,
    body: z.union([
      z.object({ firm: firmInput, administrator }),
      z.object({ sample: z.literal(true), language, administrator: administrator.optional() }),
    ]),
    answer: session.extend({ slug: z.string() }),
  },
  signIn: {
    id: 'sign-in',
    method: 'POST',
    path: '/session',
    summary: 'Sign in',
    tag: 'Session',
    access: 'anyone',
    body: z.object({ email, password: z.string().min(1).max(200) }),
    answer: session,
  },
  readSession: {
    id: 'read-session',
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, and in which firms',
    tag: 'Session',
    access: 'user',
    answer: session,
  },
  signOut: {
    id: 'sign-out',
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    tag: 'Session',
    access: 'user',
    status: 204,
  },
  changePassword: {
    id: 'change-password',
    method: 'POST',
    path: '/session/password',
    summary: 'Change your password',
    tag: 'Session',
    access: 'user',
    status: 204,
    body: z.object({ current: z.string().min(1).max(200), next: password }),
  },
  askPasswordReset: {
    id: 'ask-password-reset',
    method: 'POST',
    path: '/session/password-resets',
    summary: 'Mail a link for a new password; answers the same whether there is such an account or not',
    tag: 'Session',
    access: 'anyone',
    status: 204,
    body: z.object({ email, language: language.optional() }),
  },
  readPasswordReset: {
    id: 'read-password-reset',
    method: 'GET',
    path: '/session/password-resets/{token}',
    summary: 'Whose password a link is for',
    tag: 'Session',
    access: 'anyone',
    params: byToken,
    answer: z.object({ name: z.string(), email: z.string() }),
  },
  resetPassword: {
    id: 'reset-password',
    method: 'POST',
    path: '/session/password-resets/{token}',
    summary: 'Choose a new password with a link; signs out everywhere else and in here',
    tag: 'Session',
    access: 'anyone',
    params: byToken,
    body: z.object({ password }),
    answer: session,
  },
  createFirm: {
    id: 'create-firm',
    method: 'POST',
    path: '/firms',
    summary: 'Make another firm, or add the sample firm to explore',
    tag: 'Firm',
    access: 'user',
    status: 201,
    body: z.union([z.object({ firm: firmInput }), z.object({ sample: z.literal(true), language })]),
    answer: z.object({ id, slug: z.string() }),
  },
  readFirm: {
    id: 'read-firm',
    method: 'GET',
    path: '/firm',
    summary: 'This firm',
    tag: 'Firm',
    access: 'hours:own',
    answer: firm,
  },
  changeFirm: {
    id: 'change-firm',
    method: 'PATCH',
    path: '/firm',
    summary: 'Change this firm',
    tag: 'Firm',
    access: 'firm:write',
    versioned: true,
    body: firmInput
      .extend({
        approval: firm.shape.approval,
        approveOwn: z.boolean(),
        lockedUntil: calendarDate.nullable(),
        defaultPaymentDays: z.int().min(0).max(365),
        defaultPaymentEndOfMonth: z.boolean(),
      })
      .partial(),
    answer: firm,
  },
  readMe: {
    id: 'read-me',
    method: 'GET',
    path: '/me',
    summary: 'You in this firm',
    tag: 'People',
    access: 'hours:own',
    answer: me,
  },
  changeMe: {
    id: 'change-me',
    method: 'PATCH',
    path: '/me',
    summary: 'Change your own name, language or e-mail of notices in this firm',
    tag: 'People',
    access: 'hours:own',
    body: z.object({ name: shortText(80), language: language.nullable(), noticesByMail: z.boolean() }).partial(),
    answer: me,
  },
  listPeople: {
    id: 'list-people',
    method: 'GET',
    path: '/people',
    summary: 'People of this firm',
    tag: 'People',
    access: 'people:read',
    query: z.object({ archived: z.enum(['true', 'false']).optional() }),
    answer: z.object({ rows: z.array(member) }),
  },
  invitePerson: {
    id: 'invite-person',
    method: 'POST',
    path: '/people',
    summary: 'Invite somebody; without a mail server the answer holds the link to hand over',
    tag: 'People',
    access: 'people:write',
    status: 201,
    body: z.object({
      name: shortText(80),
      email,
      roles: z.array(role).min(1),
      language: language.nullable().optional(),
      ...employment.partial().shape,
    }),
    answer: z.object({ member, link: z.string().nullable(), mailed: z.boolean() }),
  },
  readPerson: {
    id: 'read-person',
    method: 'GET',
    path: '/people/{id}',
    summary: 'One person',
    tag: 'People',
    access: 'people:read',
    params: byId,
    answer: member,
  },
  changePerson: {
    id: 'change-person',
    method: 'PATCH',
    path: '/people/{id}',
    summary: 'Change a person: name, roles, language, employment, contract hours, teams; archive or bring back',
    tag: 'People',
    access: 'people:write',
    versioned: true,
    params: byId,
    body: employment
      .extend({
        name: shortText(80),
        roles: z.array(role).min(1),
        language: language.nullable(),
        archived: z.boolean(),
      })
      .partial(),
    answer: member,
  },
  makeResetLink: {
    id: 'make-reset-link',
    method: 'POST',
    path: '/people/{id}/password-reset',
    summary: 'A way to a new password for who forgot it: mailed, or without a mail server a link to hand over',
    tag: 'People',
    access: 'people:write',
    status: 201,
    params: byId,
    answer: z.object({ link: z.string().nullable(), mailed: z.boolean() }),
  },
  inviteAgain: {
    id: 'invite-again',
    method: 'POST',
    path: '/people/{id}/invitation',
    summary: 'A new invitation; the one before stops working',
    tag: 'People',
    access: 'people:write',
    status: 201,
    params: byId,
    answer: z.object({ link: z.string().nullable(), mailed: z.boolean() }),
  },
  readInvitation: {
    id: 'read-invitation',
    method: 'GET',
    path: '/invitations/{token}',
    summary: 'What an invitation is for',
    tag: 'Session',
    access: 'anyone',
    params: byToken,
    answer: z.object({ firm: z.string(), name: z.string(), email: z.string(), language, hasAccount: z.boolean() }),
  },
  acceptInvitation: {
    id: 'accept-invitation',
    method: 'POST',
    path: '/invitations/{token}/acceptance',
    summary: 'Accept an invitation, with a new password or the one you have',
    tag: 'Session',
    access: 'anyone',
    params: byToken,
    body: z.object({ name: shortText(80), password }),
    answer: session.extend({ slug: z.string() }),
  },
  listKeys: {
    id: 'list-keys',
    method: 'GET',
    path: '/keys',
    summary: 'API keys of this firm',
    tag: 'Keys',
    access: 'keys:write',
    answer: z.object({
      rows: z.array(
        z.object({
          id,
          name: z.string(),
          prefix: z.string(),
          scopes: z.array(z.enum(rights)),
          createdAt: instant,
          expiresAt: instant.nullable(),
          revokedAt: instant.nullable(),
          lastUsedOn: z.string().nullable(),
        }),
      ),
    }),
  },
  createKey: {
    id: 'create-key',
    method: 'POST',
    path: '/keys',
    summary: 'Make an API key; the key itself is shown once',
    tag: 'Keys',
    access: 'keys:write',
    status: 201,
    body: z.object({
      name: shortText(60),
      scopes: z.array(z.enum(rights)).min(1),
      expiresAt: instant.nullable().optional(),
    }),
    answer: z.object({ id, key: z.string() }),
  },
  revokeKey: {
    id: 'revoke-key',
    method: 'DELETE',
    path: '/keys/{id}',
    summary: 'Revoke an API key',
    tag: 'Keys',
    access: 'keys:write',
    status: 204,
    params: byId,
  },
  listHistory: {
    id: 'list-history',
    method: 'GET',
    path: '/history',
    summary: 'Who did what to one thing, when and why',
    tag: 'History',
    access: 'history:read',
    query: z.object({ subjectKind: z.string().max(40), subjectId: id }),
    answer: z.object({
      rows: z.array(
        z.object({
          id,
          act: z.string(),
          before: z.unknown(),
          after: z.unknown(),
          why: z.string().nullable(),
          actor: z.string(),
          at: instant,
        }),
      ),
    }),
  },
})
