import type { Fault, World } from '@uurwerk/connectors/contract/simulator.ts'
import { connectors, simulators } from '@uurwerk/connectors/registry.gen.ts'
import { registerHooks } from '../connections/hook-route.ts'
import { registerSandbox } from '../connections/sandbox.ts'
import { createConnections } from '../connections/service.ts'
import { registerSignIn } from '../connections/sign-in.ts'
import { createHttp } from '../http/app.ts'
import { runTask } from '../jobs/tasks.ts'
import type { Services } from '../services.ts'
import { type TestApp, testApp, testOrigin } from './app.ts'
import { type TestFirm, testFirm } from './firm.ts'

/** The API with real packages behind it: the sandbox is served over real HTTP on a port of its own. */
export interface ConnectedApp extends TestApp {
  /** Where the sandbox and the return of a sign-in are served. */
  readonly origin: string
  /** Works through the tasks that were woken and not yet done. */
  runTasks(): Promise<void>
  /** Something that goes wrong in the world of a firm from now on. */
  fault(firmId: string, fault: Fault): Promise<void>
  /** Carries the calls that the package of a firm makes by itself, as far as they are due. */
  carryCalls(firmId: string): Promise<void>
  changeWorld<Result>(firmId: string, act: (world: World) => Result): Promise<Result>
}

export async function connectedApp(
  more: (services: Services) => Partial<Services> = () => ({}),
): Promise<ConnectedApp> {
  let origin = ''
  const base = await testApp((services) => {
    const connections = createConnections({
      ...services,
      connectors,
      simulators,
      sandboxOrigin: () => origin,
    })
    return { connectors, connections, ...more({ ...services, connectors, connections }) }
  })
  const { services } = base
  const { settings, log, store } = services
  const http = await createHttp({ settings, log, store })
  registerSignIn(http, services)
  const calls = registerSandbox(http, services)
  registerHooks(http, services)
  origin = await http.listen({ port: 0, host: '127.0.0.1' })
  let done = 0

  const worldOf = async (firmId: string): Promise<string> => {
    const id = await store.withFirm(firmId, (trx) => services.connections.sandbox.find({ trx, firmId }, 'exact-online'))
    if (!id) throw new Error('the firm has no world')
    return id
  }
  const changeWorld: ConnectedApp['changeWorld'] = async (firmId, act) => {
    let result: { value: ReturnType<typeof act> } | undefined
    await services.connections.sandbox.change(await worldOf(firmId), (world) => {
      result = { value: act(world) }
    })
    if (!result) throw new Error('the world is gone')
    return result.value
  }
  return {
    ...base,
    origin,
    changeWorld,
    carryCalls: async (firmId) => calls?.carry(await worldOf(firmId)),
    fault: (firmId, fault) => changeWorld(firmId, (world) => void world.state.faults.push(fault)),
    async runTasks() {
      while (done < base.woken.length) {
        const key = base.woken[done++]
        if (key?.startsWith('task:')) await runTask(services, key)
      }
    },
    async close() {
      await http.close()
      await services.connections.close()
      await base.close()
    },
  }
}

type Asked = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly version?: number
  readonly language?: 'nl' | 'en'
}

/** A browser in which the administrator of a firm is signed in. */
export interface Office {
  readonly firm: TestFirm
  readonly headers: Readonly<Record<string, string>>
  ask<T = Record<string, unknown>>(path: string, asked?: Asked): Promise<{ readonly status: number; readonly body: T }>
  /** Activates Exact Online in the sandbox; answers the connection and where to sign in. */
  activate(): Promise<{ id: string; signInAt: string }>
  /** What a person does at the package; answers where the browser is sent. */
  consent(signInAt: string, choice?: { readonly deny?: boolean; readonly user?: string }): Promise<URL>
  /** Follows the package's redirect to us; answers where the browser lands. */
  comeBack(to: URL, headers?: Record<string, string>): Promise<URL>
  /** Activated, signed in, administration chosen, lists read. */
  connect(): Promise<string>
}

export const administration = '1234567'

export async function office(app: ConnectedApp, change: Parameters<typeof testFirm>[1] = {}): Promise<Office> {
  const firm = await testFirm(app.services, change)
  const headers = await firm.signedInAs('administrator')
  const atSandbox = (address: string) => address.replace(testOrigin, app.origin)

  const one: Office = {
    firm,
    headers,
    async ask(path, { method = 'GET', body, version, language = 'en' } = {}) {
      const answer = await app.app.inject({
        method,
        url: `/api/v1${path}`,
        headers: {
          ...headers,
          'accept-language': language,
          ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        },
        ...(body === undefined ? {} : { payload: body as object }),
      })
      return { status: answer.statusCode, body: answer.body ? JSON.parse(answer.body) : null }
    },
    async activate() {
      const { status, body } = await one.ask<{ id: string; signInAt: string }>('/connections', {
        method: 'POST',
        body: { package: 'exact-online', country: 'NL', mode: 'sandbox' },
      })
      if (status !== 201) throw new Error(`not activated: ${JSON.stringify(body)}`)
      return body
    },
    async consent(signInAt, { deny = false, user } = {}) {
      const page = await (await fetch(atSandbox(signInAt))).text()
      const form = new URLSearchParams()
      for (const [, name, value] of page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g))
        form.append(name as string, (value as string).replaceAll('&amp;', '&'))
      const people = [...page.matchAll(/name="user" value="([^"]+)"[^>]*>([^<]+)/g)]
      form.append('user', people.find(([, , name]) => (user ? name?.startsWith(user) : true))?.[1] ?? '')
      for (const [, code] of page.matchAll(/name="division" value="([^"]+)"/g)) form.append('division', code as string)
      form.append('decision', deny ? 'deny' : 'allow')
      const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? ''
      const answer = await fetch(atSandbox(action), { method: 'POST', body: form, redirect: 'manual' })
      return new URL(answer.headers.get('location') ?? `about:${answer.status}`)
    },
    async comeBack(to, more = headers) {
      const answer = await fetch(atSandbox(to.href), { headers: more, redirect: 'manual' })
      return new URL(answer.headers.get('location') ?? `about:${answer.status}`)
    },
    async connect() {
      const { id, signInAt } = await one.activate()
      await one.comeBack(await one.consent(signInAt))
      const chosen = await one.ask(`/connections/${id}/administration`, { method: 'PUT', body: { administration } })
      if (chosen.status !== 200) throw new Error(`not chosen: ${JSON.stringify(chosen.body)}`)
      await app.runTasks()
      return id
    },
  }
  return one
}
