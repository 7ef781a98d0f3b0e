import fs from 'node:fs'

/** What Linux tells about processes in `/proc`. Elsewhere nothing is known, and every answer is empty. */

/** When the process started, in ticks since the boot; `undefined` when there is none. Tells a number that was given out again. */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.startedAt
}

/** Living processes that work in the folder. A PostgreSQL process stays in its cluster for life. */
export function processesIn(directory: string): number[] {
  const real = fs.realpathSync(directory)
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingDirectory(pid) === real && statOf(pid)?.state !== 'Z')
}

function workingDirectory(pid: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined // gone, a zombie, or not ours to see
  }
}

/** Field 3 is the state and field 22 the start (proc(5)); the name before them is in parentheses and may hold anything. */
function statOf(pid: number): { state: string | undefined; startedAt: string | undefined } | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], startedAt: fields[19] }
  } catch {
    return undefined
  }
}
