import type { Answer } from '../contract/contract.ts'

export const isSuccess = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300

export const textOf = (answer: Answer): string => new TextDecoder().decode(answer.body)

/** The body as JSON; undefined when it is something else: a gateway's page, nothing at all. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer)) as unknown
  } catch {
    return undefined
  }
}

/** What a person can read of a body that is not JSON: the words of a page, shortened. */
export const wordsIn = (text: string): string =>
  text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500)
