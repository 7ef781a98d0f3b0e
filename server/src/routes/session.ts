import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Handlers } from '../http/call.ts'
import { sessionOf } from '../people/firms.ts'
import { createReset, mailReset, personOfReset, resetPassword } from '../people/password-resets.ts'

type Names =
  | 'signIn'
  | 'readSession'
  | 'signOut'
  | 'changePassword'
  | 'askPasswordReset'
  | 'readPasswordReset'
  | 'resetPassword'

export const sessionHandlers: Handlers<Names> = {
  signIn: async ({ services, body, ip, setCookies }) => {
    const { userId, setCookies: cookies } = await services.people.signIn({ ...body, ip })
    setCookies(cookies)
    const person = await services.people.findByEmail(body.email)
    return sessionOf(services, { id: userId, name: person?.name ?? body.email, email: person?.email ?? body.email })
  },

  readSession: ({ services, user }) => sessionOf(services, user),

  signOut: async ({ services, cookie, setCookies }) => {
    setCookies(await services.people.signOut(cookie))
    return undefined
  },

  changePassword: async ({ services, body, cookie, setCookies }) => {
    setCookies(
      await services.people.changePassword({
        cookieHeader: cookie,
        currentPassword: body.current,
        newPassword: body.next,
      }),
    )
    return undefined
  },

  askPasswordReset: async ({ services, body, ip, language }) => {
    if (!services.mail.works) throw new ProblemError({ kind: 'conflict', code: 'reset-without-mail' })
    await services.people.followLink(ip)
    const person = await services.people.findByEmail(body.email)
    // Neither the answer nor the time it takes tells whether there is such an account.
    if (person)
      void createReset(services, person.userId, 'mailed')
        .then((link) => (link ? mailReset(services, { person, link, language: body.language ?? language }) : false))
        .catch((error) => services.log.error({ err: error }, 'a link for a new password could not be made'))
    return undefined
  },

  readPasswordReset: async ({ services, params, ip }) => {
    const { name, email } = await personOfReset(services, params.token, ip)
    return { name, email }
  },

  resetPassword: async ({ services, params, body, ip, setCookies }) => {
    const { email, name } = await resetPassword(services, { token: params.token, password: body.password, ip })
    const { userId, setCookies: cookies } = await services.people.signIn({ email, password: body.password, ip })
    setCookies(cookies)
    return sessionOf(services, { id: userId, name, email })
  },
}
