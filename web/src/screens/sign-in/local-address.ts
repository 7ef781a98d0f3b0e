/** Where somebody wanted to go, if that is a page of ours; an address of another site is not followed. */
export const localAddress = (next: string | undefined): string =>
  next && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'
