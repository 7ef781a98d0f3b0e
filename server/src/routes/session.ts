import type { Handlers } from '../http/call.ts'
import { sessionOf } from '../people/firms.ts'

export const sessionHandlers: Handlers<'signIn' | 'readSession' | 'signOut' | 'changePassword'> = {
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
}
