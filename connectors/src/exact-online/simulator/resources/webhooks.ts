import { field, fields, type Resource } from '../resource.ts'
import { createSubscription } from '../subscription-rules.ts'
import { stamps } from './field-sets.ts'

/** A change of a subscription is refused in practice: it is removed and made anew. */
export const webhookSubscriptions: Resource = {
  path: 'webhooks/WebhookSubscriptions',
  table: 'WebhookSubscriptions',
  type: 'Exact.Web.Api.Models.Webhooks.WebhookSubscription',
  key: ['ID'],
  verbs: ['GET', 'POST', 'DELETE'],
  fields: [
    field('ID', 'guid'),
    field('CallbackURL', 'string', 'M'),
    field('ClientID', 'guid'),
    field('Description', 'string'),
    field('IsInstant', 'boolean', 'W', { sure: false }),
    field('Topic', 'string', 'M'),
    field('UserID', 'guid'),
    ...stamps.filter(({ name }) => !name.startsWith('Modif')),
    ...fields('instant', 'R', 'Modified'),
  ],
  create: createSubscription,
}
