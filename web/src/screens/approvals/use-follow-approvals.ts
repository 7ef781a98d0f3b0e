import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useEvents } from '../../events.ts'

/** Looks again when somebody submits, decides or answers. */
export function useFollowApprovals(): void {
  const client = useQueryClient()
  const heard = useRef({ any: false, ours: false })
  useEvents('/events', {
    heard: ({ data }) => {
      heard.current = { any: true, ours: heard.current.ours || /"topic":"approvals"/.test(data) }
    },
    look: () => {
      const { any, ours } = heard.current
      heard.current = { any: false, ours: false }
      // Without a stream nothing is heard, and it is looked at anyway.
      return ours || !any ? client.invalidateQueries({ queryKey: ['approvals'] }) : undefined
    },
  })
}
