import type { Services } from '../services.ts'

/** A second try after a break in between finds the account of the first: the same password is then good enough. */
export async function signUpOrIn(
  { people }: Services,
  { ip, ...person }: { name: string; email: string; password: string; ip?: string },
) {
  if (await people.findByEmail(person.email))
    return people.signIn({ email: person.email, password: person.password, ...(ip ? { ip } : {}) })
  return people.signUp(person)
}
