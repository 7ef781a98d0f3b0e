import { spawn } from 'node:child_process'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'

const patienceMs = 60_000

/**
 * Asks the scanner of this machine, which reads the file from its standard input and ends with 0 when it is clean and
 * with 1 when it is not (`clamdscan -` does). Anything else is no answer, and then the file is not taken either.
 */
export async function isClean(command: string, bytes: Uint8Array): Promise<boolean> {
  const ended = await new Promise<number | Error>((resolve) => {
    const scanner = spawn(command, { shell: true, stdio: ['pipe', 'ignore', 'ignore'], timeout: patienceMs })
    scanner.on('error', resolve)
    scanner.on('close', (code, signal) => resolve(code ?? new Error(`ended by ${signal}`)))
    // It may decide before it has read everything.
    scanner.stdin.on('error', () => {})
    scanner.stdin.end(bytes)
  })
  if (ended === 0 || ended === 1) return ended === 0
  throw new ProblemError(
    { kind: 'temporary', code: 'scanner-away' },
    ended instanceof Error ? ended : new Error(`the scanner ended with ${ended}`),
  )
}
