type Key = { readonly 'Idempotency-Key': string }

/** As many postings as one request is given. */
export const mostAtOnce = 500

/**
 * Asks for many in turns, one after the other. Each turn has a key of its own that follows from that of the act, so
 * that what was done is not done again when the act is. `told` hears how many were asked for so far.
 */
export async function inTurns<Answer>(
  ids: readonly string[],
  key: Key,
  ask: (ids: string[], key: Key) => Promise<Answer>,
  told: (done: number) => void,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (let from = 0; from < ids.length; from += mostAtOnce) {
    told(from)
    const turn = { 'Idempotency-Key': from === 0 ? key['Idempotency-Key'] : `${key['Idempotency-Key']}-${from}` }
    answers.push(await ask(ids.slice(from, from + mostAtOnce), turn))
  }
  return answers
}
