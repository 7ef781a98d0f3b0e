import { z } from 'zod'
import { routes } from './route.ts'
import {
  byId,
  calendarDate,
  country,
  explained,
  id,
  instant,
  page,
  paging,
  shortText,
  vatCase,
  version,
} from './shapes.ts'

const bilingualText = z.string()

export const connectionState = z.enum(['signing-in', 'choosing', 'connected', 'reconnect', 'disconnected'])

const finding = z.object({
  about: z.enum([
    'access',
    'rights',
    'administration',
    'currency',
    'mapping',
    'import',
    'posting',
    'payment',
    'comparison',
    'limits',
    'period',
  ]),
  state: z.enum(['good', 'attention', 'bad']),
  /** One line, in the reader's language. */
  title: bilingualText,
  detail: bilingualText,
  link: z.string().nullable(),
})

export const connection = z
  .object({
    id,
    package: z.string(),
    packageName: z.string(),
    mode: z.enum(['sandbox', 'live']),
    country,
    state: connectionState,
    problem: explained.nullable(),
    administration: z.object({ id: z.string(), name: z.string() }).nullable(),
    signedInAs: z.string().nullable(),
    connectedAt: instant.nullable(),
    cutOff: calendarDate.nullable(),
    /** Whether an invoice is posted when it is sent, if nothing stands against it. */
    postAutomatically: z.boolean(),
    olderInvoices: z.int(),
    settings: z.record(z.string(), z.string().nullable()),
    /** The form for `settings`, made from the package's manifest. */
    settingFields: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        help: z.string(),
        /** `list`: chosen from the package's own list; `switch`: true or false. */
        is: z.enum(['list', 'switch', 'choice']),
        list: z.string().nullable(),
        choices: z.array(z.object({ value: z.string(), label: z.string() })),
        /** What holds until somebody chooses. */
        usual: z.string().nullable(),
        required: z.boolean(),
        /** Chosen now, as code and name. */
        chosen: z.object({ id: z.string(), code: z.string(), name: z.string() }).nullable(),
      }),
    ),
    health: z.array(finding),
    healthAt: instant.nullable(),
    lists: z.array(
      z.object({
        noun: z.string(),
        count: z.int(),
        readAt: instant.nullable(),
        /** Why it could not be read the last time, with the right that is missing. */
        unread: z.object({ title: z.string(), detail: z.string() }).nullable(),
      }),
    ),
    sandboxPage: z.string().nullable(),
    /** Whether the package tells us when to look again; null where it cannot. */
    hints: z
      .object({
        on: z.boolean(),
        heardAt: instant.nullable(),
        /** Why they cannot be switched on, or what came of it. */
        problem: explained.nullable(),
      })
      .nullable(),
    version,
  })
  .meta({ id: 'Connection' })

export const theirRow = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  /** Why it cannot be chosen, in the reader's language. */
  unusable: z.string().nullable(),
  detail: z.string().nullable(),
})

const rule = z.object({
  id: id.nullable(),
  item: z.string(),
  vatTreatment: z.string(),
  ledgerAccount: z.object({ id: z.string(), code: z.string(), name: z.string() }).nullable(),
  vatCode: z.object({ id: z.string(), code: z.string(), name: z.string() }).nullable(),
  costCentre: z.string().nullable(),
  costUnit: z.string().nullable(),
  version: version.nullable(),
})

export const ruleMatrix = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        code: z.string(),
        name: z.string(),
        /** Activities and other subjects that use it. */
        usedBy: z.array(z.string()),
        isDefault: z.boolean(),
        unusable: z.string().nullable(),
        ownLedgerAccount: z
          .object({ id: z.string(), code: z.string(), name: z.string(), from: z.enum(['item', 'group']) })
          .nullable(),
        ownVatCode: z.object({ id: z.string(), code: z.string(), name: z.string() }).nullable(),
      }),
    ),
    treatments: z.array(z.object({ id: z.string(), label: z.string(), customers: z.int(), used: z.boolean() })),
    cells: z.array(
      rule.extend({
        state: z.enum(['set', 'proposed', 'missing', 'not-used']),
        /** Invoices that wait for this rule. */
        waiting: z.array(z.object({ id, number: z.string().nullable() })),
        /** The item's VAT code in the package, when it differs from the rule's. */
        itemDiffers: z.string().nullable(),
        problem: explained.nullable(),
      }),
    ),
    missing: z.int(),
  })
  .meta({ id: 'RuleMatrix' })

export const task = z
  .object({
    id,
    kind: z.string(),
    connectionId: id.nullable(),
    packageName: z.string().nullable(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    total: z.int().nullable(),
    done: z.int(),
    now: z.string().nullable(),
    report: z.record(z.string(), z.int()).nullable(),
    problem: explained.nullable(),
    /** Everything was asked for, and not only what changed; null where there is no such choice. */
    full: z.boolean().nullable(),
    /** `night`: by itself, at the time that is set; `name` is who pressed the button. */
    startedBy: z.object({ kind: z.enum(['person', 'night', 'uurwerk']), name: z.string().nullable() }),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Task' })

const namedThere = z.object({ id: z.string(), code: z.string(), name: z.string() })

/** What an item is chosen for; trips, instalments, subscriptions and free lines have one item each. */
const mappedSubject = z.enum(['activity', 'expense-category', 'trip', 'instalment', 'subscription', 'free'])

export const itemMapping = z.object({
  defaultItem: z.string().nullable(),
  subjects: z.array(
    z.object({
      subject: mappedSubject,
      id: id.nullable().meta({ description: 'Of the activity or expense category' }),
      name: z.string(),
      /** Its own; null falls back to the default item. */
      item: namedThere.extend({ unusable: z.string().nullable() }).nullable(),
      /** Whether lines of it are to be expected, as things stand. */
      isUsed: z.boolean(),
    }),
  ),
})

const gap = z.object({
  about: z.enum(['setting', 'item', 'rule', 'customer', 'project']),
  /** What it is about, in the reader's language: an activity, a customer, an item and its VAT case. */
  name: z.string(),
  problem: explained,
  /** What mends it: only those that apply are filled. */
  setting: z.string().nullable(),
  subject: z.object({ subject: mappedSubject, id: id.nullable() }).nullable(),
  item: z.string().nullable(),
  vatTreatment: z.string().nullable(),
  customerId: id.nullable(),
  /** A VAT case that was derived: `POST /vat-cases/confirmation` confirms it as it stands. */
  unconfirmed: z.object({ vatCase, version }).nullable(),
  projectId: id.nullable(),
  /** Names of what would bring it about. */
  usedBy: z.array(z.string()),
  /** Sent invoices that wait for it. */
  waiting: z.int(),
})

export const completeness = z
  .object({
    gaps: z.array(gap).meta({ description: 'At most two hundred of each kind' }),
    counts: z.object({ setting: z.int(), item: z.int(), rule: z.int(), customer: z.int(), project: z.int() }),
    /** How much was looked at. */
    checked: z.object({ subjects: z.int(), rules: z.int(), customers: z.int(), projects: z.int() }),
  })
  .meta({ id: 'Completeness' })

export const connectionRoutes = routes({
  listPackages: {
    id: 'list-packages',
    method: 'GET',
    path: '/packages',
    summary: 'App Center: the accounting packages, what each can do, and what is active',
    tag: 'Connections',
    access: 'connections:read',
    answer: z.object({
      rows: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          available: z.boolean(),
          countries: z.array(z.object({ code: country, host: z.string() })),
          sandbox: z.boolean(),
          /** Countries for which a client id is known, from the environment or entered here. */
          apps: z.array(
            z.object({
              country,
              clientId: z.string(),
              from: z.enum(['environment', 'firm']),
              hasWebhookSecret: z.boolean(),
            }),
          ),
          /** It can tell us when to look again, with a secret of its own. */
          webhooks: z.boolean(),
          redirectUri: z.string(),
          connection: z
            .object({
              id,
              state: connectionState,
              mode: z.enum(['sandbox', 'live']),
              administrationName: z.string().nullable(),
            })
            .nullable(),
          posts: z.array(z.string()),
        }),
      ),
    }),
  },
  registerApp: {
    id: 'register-app',
    method: 'PUT',
    path: '/packages/{package}/apps/{country}',
    summary: 'Client id and secret of your own app at the package; the secret is never shown again',
    tag: 'Connections',
    access: 'connections:write',
    params: z.object({ package: z.string().max(40), country }),
    status: 204,
    body: z.object({
      clientId: shortText(200),
      clientSecret: shortText(500).optional().meta({ description: 'The one that is kept when left out' }),
      webhookSecret: shortText(500)
        .nullable()
        .optional()
        .meta({ description: 'Null takes it away; kept when left out' }),
    }),
  },
  createConnection: {
    id: 'create-connection',
    method: 'POST',
    path: '/connections',
    summary: 'Activate a package; the answer says where to sign in',
    tag: 'Connections',
    access: 'connections:write',
    status: 201,
    body: z.object({ package: z.string().max(40), country, mode: z.enum(['sandbox', 'live']) }),
    answer: z.object({ id, signInAt: z.string() }),
  },
  listConnections: {
    id: 'list-connections',
    method: 'GET',
    path: '/connections',
    summary: 'Connections of this firm',
    tag: 'Connections',
    access: 'connections:read',
    answer: z.object({ rows: z.array(connection) }),
  },
  nameConnections: {
    id: 'name-connections',
    method: 'GET',
    path: '/connections/named',
    summary: 'All connections there are and were, by name',
    tag: 'Connections',
    access: 'connections:read',
    answer: z.object({
      rows: z.array(
        z.object({
          id,
          packageName: z.string(),
          administrationName: z.string().nullable(),
          mode: z.enum(['sandbox', 'live']),
          disconnected: z.boolean(),
        }),
      ),
    }),
  },
  readConnection: {
    id: 'read-connection',
    method: 'GET',
    path: '/connections/{id}',
    summary: 'One connection with its health',
    tag: 'Connections',
    access: 'connections:read',
    params: byId,
    answer: connection,
  },
  changeConnection: {
    id: 'change-connection',
    method: 'PATCH',
    path: '/connections/{id}',
    summary: 'Change settings, cut-off, or whether invoices are posted when they are sent',
    tag: 'Connections',
    access: 'connections:write',
    versioned: true,
    params: byId,
    body: z
      .object({
        settings: z.record(z.string().max(40), z.string().max(100).nullable()),
        cutOff: calendarDate,
        postAutomatically: z.boolean(),
      })
      .partial(),
    answer: connection,
  },
  listAdministrations: {
    id: 'list-administrations',
    method: 'GET',
    path: '/connections/{id}/administrations',
    summary: 'Administrations the signed-in person can reach',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    answer: z.object({
      rows: z.array(
        z.object({
          id: z.string(),
          code: z.string(),
          name: z.string(),
          country: z.string().nullable(),
          currency: z.string().nullable(),
          vatId: z.string().nullable(),
          usable: z.boolean(),
          reason: z.string().nullable(),
          /** What differs from this firm: VAT id, KvK number, currency. */
          differs: z.array(z.string()),
        }),
      ),
    }),
  },
  chooseAdministration: {
    id: 'choose-administration',
    method: 'PUT',
    path: '/connections/{id}/administration',
    summary: 'Choose the administration; reads its lists',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    body: z.object({ administration: z.string().min(1).max(60) }),
    answer: connection,
  },
  checkConnection: {
    id: 'check-connection',
    method: 'POST',
    path: '/connections/{id}/check',
    summary: 'Look now whether everything is in order',
    tag: 'Connections',
    access: 'connections:read',
    params: byId,
    answer: connection,
  },
  reconnect: {
    id: 'reconnect',
    method: 'POST',
    path: '/connections/{id}/reconnection',
    summary: 'Sign in again; the queue is kept',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    answer: z.object({ signInAt: z.string() }),
  },
  disconnect: {
    id: 'disconnect',
    method: 'POST',
    path: '/connections/{id}/disconnection',
    summary: 'Disconnect; what was posted stays in the books',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    answer: z.object({
      revoked: z
        .boolean()
        .meta({ description: 'Whether the package ended our access too; else a person does that there' }),
      givenUp: z.int().meta({ description: 'Postings that had not left' }),
    }),
  },
  refreshLists: {
    id: 'refresh-lists',
    method: 'POST',
    path: '/connections/{id}/lists',
    summary: 'Read the package’s lists again',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    status: 202,
    answer: task,
  },
  listTheirs: {
    id: 'list-theirs',
    method: 'GET',
    path: '/connections/{id}/lists/{noun}',
    summary: 'One of the package’s lists, as last read',
    tag: 'Connections',
    access: 'connections:read',
    params: z.object({
      id,
      noun: z.enum([
        'customers',
        'items',
        'ledgerAccounts',
        'vatCodes',
        'journals',
        'paymentTerms',
        'dimensions',
        'periods',
      ]),
    }),
    query: z.object({
      ...paging,
      search: z.string().max(100).optional(),
      all: z.enum(['true', 'false']).optional(),
      kind: z.string().max(20).optional().meta({ description: 'Of this kind only: `costCentre` among dimensions' }),
    }),
    answer: page(theirRow),
  },
  readCompleteness: {
    id: 'read-completeness',
    method: 'GET',
    path: '/connections/{id}/completeness',
    summary: 'Every activity, category, VAT case, customer and project of which an invoice would fail today',
    tag: 'Connections',
    access: 'connections:read',
    params: byId,
    answer: completeness,
  },
  readItemMapping: {
    id: 'read-item-mapping',
    method: 'GET',
    path: '/connections/{id}/items',
    summary: 'Which item each activity, expense category and other kind of line is sold as',
    tag: 'Connections',
    access: 'connections:read',
    params: byId,
    answer: itemMapping,
  },
  changeItemMapping: {
    id: 'change-item-mapping',
    method: 'PUT',
    path: '/connections/{id}/items',
    summary: 'Choose items; null goes back to the default item',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    body: z.object({
      defaultItem: z.string().max(60).nullable().optional(),
      subjects: z
        .array(z.object({ subject: mappedSubject, id: id.nullable().optional(), item: z.string().max(60).nullable() }))
        .max(500)
        .optional(),
    }),
    answer: itemMapping,
  },
  readPostingRules: {
    id: 'read-posting-rules',
    method: 'GET',
    path: '/connections/{id}/posting-rules',
    summary: 'Posting rules as a matrix: item across VAT case, with proposals and gaps',
    tag: 'Connections',
    access: 'connections:read',
    params: byId,
    answer: ruleMatrix,
  },
  changePostingRules: {
    id: 'change-posting-rules',
    method: 'PUT',
    path: '/connections/{id}/posting-rules',
    summary: 'Set posting rules; those not named stay',
    tag: 'Connections',
    access: 'connections:write',
    params: byId,
    body: z.object({
      rules: z
        .array(
          z.object({
            item: z.string().min(1).max(60),
            vatTreatment: z.string().min(1).max(40),
            ledgerAccount: z.string().min(1).max(60),
            vatCode: z.string().min(1).max(60),
            costCentre: z.string().max(20).nullable().optional(),
            costUnit: z.string().max(20).nullable().optional(),
            version: version
              .nullable()
              .optional()
              .meta({ description: 'Of the rule as you saw it; null for a new one' }),
          }),
        )
        .min(1)
        .max(500),
    }),
    answer: ruleMatrix,
  },
  listTasks: {
    id: 'list-tasks',
    method: 'GET',
    path: '/tasks',
    summary: 'Long work: imports, lists and other tasks',
    tag: 'Tasks',
    access: 'connections:read',
    query: z.object({
      ...paging,
      kind: z.string().max(40).optional(),
      state: z.enum(['waiting', 'running', 'done', 'failed']).optional(),
      startedBy: z.enum(['person', 'night']).optional(),
      outcome: z.string().max(20).optional().meta({ description: 'Those with at least one row of this result' }),
    }),
    answer: page(task),
  },
  readTask: {
    id: 'read-task',
    method: 'GET',
    path: '/tasks/{id}',
    summary: 'One task and how far it is',
    tag: 'Tasks',
    access: 'connections:read',
    params: byId,
    answer: task,
  },
  listTaskRows: {
    id: 'list-task-rows',
    method: 'GET',
    path: '/tasks/{id}/rows',
    summary: 'The result of each row of a task',
    tag: 'Tasks',
    access: 'connections:read',
    params: byId,
    query: z.object({ ...paging, outcome: z.string().max(20).optional() }),
    answer: page(
      z.object({
        position: z.int(),
        label: z.string(),
        outcome: z.enum(['created', 'updated', 'unchanged', 'skipped', 'inactive', 'conflict', 'failed']),
        /** Why, or which fields changed, in the reader's language. */
        detail: z.string().nullable(),
        subjectId: id.nullable(),
      }),
    ),
  },
})
