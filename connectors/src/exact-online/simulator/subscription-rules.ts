import type { SimulatorRow } from '../../contract/simulator.ts'
import { strikes } from './faults.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { topics, tryCallback } from './webhooks.ts'
import { newGuid, rowsIn, store, text } from './world-state.ts'
import { created, modified } from './writes.ts'

export const isLoopback = ({ hostname }: URL) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

/** R-callback: https at the domain of the redirect address; a simulator on this machine calls this machine alone. */
function mayBeCalled(view: View, callback: string): boolean {
  if (!URL.canParse(callback)) return false
  const url = new URL(callback)
  if (URL.canParse(view.site) && isLoopback(new URL(view.site))) return isLoopback(url)
  const redirect = text(view.user.redirectUri)
  return url.protocol === 'https:' && (redirect === '' || new URL(redirect).hostname === url.hostname)
}

export function createSubscription(write: Write): SimulatorRow {
  const { view, sent, refuse } = write
  const [callback, topic] = [text(sent.CallbackURL), text(sent.Topic)]
  const failed = strikes(view.world, 'callbackRefused', 'POST webhooks/WebhookSubscriptions')
  if (callback && !mayBeCalled(view, callback)) refuse(say(view.language, 'invalid', 'CallbackURL'))
  if (topic && !topics.has(topic)) refuse(say(view.language, 'invalidReference', 'Topic'))
  if (failed) refuse(say(view.language, 'callback', String(failed.value ?? 404)))
  const isTaken = rowsIn(view, 'WebhookSubscriptions').some(
    (row) => row.Topic === topic && row.ClientID === view.user.client,
  )
  if (isTaken) refuse(say(view.language, 'codeExists'))
  if (write.refused()) return sent
  const ID = newGuid(view.random)
  const row = store(view, 'WebhookSubscriptions', ID, {
    ...sent,
    // Only deliveries of goods are told at once (WebhooksWebhookSubscriptions).
    IsInstant: topic === 'GoodsDeliveries' && sent.IsInstant === true,
    ID,
    ClientID: view.user.client,
    UserID: view.user.UserID,
    site: view.site,
    ...created(view),
    ...modified(view),
  })
  tryCallback(view.world, row, view.now)
  return row
}
