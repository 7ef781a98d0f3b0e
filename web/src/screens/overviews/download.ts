import { base, callHeaders } from '../../api.ts'
import { problemIn } from '../../problem.ts'

const nameIn = (header: string | null): string =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(header ?? '')?.[1] ?? 'export')

/** Fetches a file and hands it to the browser to save; a problem is thrown like that of any call. */
export async function download(path: string, query: URLSearchParams): Promise<void> {
  const answer = await fetch(`${base}${path}?${query}`, { headers: callHeaders(), credentials: 'same-origin' })
  if (!answer.ok) throw await problemIn(answer)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = nameIn(answer.headers.get('content-disposition'))
  link.click()
  // The browser has begun to save by then, and keeps its own hold of the bytes.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
