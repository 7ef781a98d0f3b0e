import { MutationCache, QueryCache, QueryClient, type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { newKey } from './new-key.ts'
import { hasStatus, isApiProblem } from './problem.ts'

/** Only what may pass by itself is tried again: no answer, a limit, a server that is busy. */
const mayPass = (error: unknown): boolean =>
  isApiProblem(error) && (error.problem.status === 0 || error.problem.status === 429 || error.problem.status >= 502)

/** `signedOut` is told when the server no longer knows who asks. */
export function makeQueryClient(signedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (hasStatus(error, 401)) signedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 5 * 60_000,
        retry: (count, error) => count < 2 && mayPass(error),
        throwOnError: false,
      },
      mutations: {
        retry: (count, error) => count < 2 && mayPass(error),
        // The words for "no connection" are better than a page that waits in silence.
        networkMode: 'always',
      },
    },
  })
}

/**
 * A change on the server. The key stays the same while the same act is tried again, by itself or by the person, so
 * that it happens once; another body, or the next act after success, gets its own.
 */
export function useAct<Input, Output>(act: {
  readonly run: (input: Input, key: { readonly 'Idempotency-Key': string }) => Promise<Output>
  readonly done?: (output: Output, input: Input) => unknown
  readonly failed?: (error: unknown, input: Input) => unknown
}): UseMutationResult<Output, unknown, Input> {
  const last = useRef<{ body: string; key: string } | null>(null)
  return useMutation<Output, unknown, Input>({
    mutationFn: (input) => {
      const body = JSON.stringify(input) ?? ''
      if (last.current?.body !== body) last.current = { body, key: newKey() }
      return act.run(input, { 'Idempotency-Key': last.current.key })
    },
    onSuccess: (output, input) => {
      last.current = null
      return act.done?.(output, input)
    },
    onError: (error, input) => act.failed?.(error, input),
  })
}
