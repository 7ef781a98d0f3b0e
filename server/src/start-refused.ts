/** The program cannot start as it stands: the message tells whoever runs it what to change, without a stack trace. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}
