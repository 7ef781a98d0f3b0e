import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectors as ourConnectors, simulators as ourSimulators } from '@uurwerk/connectors/registry.gen.ts'
import type { Clock, Ids, Random } from '@uurwerk/core/shared/ports.ts'
import { v7 } from 'uuid'
import { comeBackNightly } from './coming-back/nightly.ts'
import { takeHints } from './connections/hints.ts'
import { registerHooks } from './connections/hook-route.ts'
import { keepAccess } from './connections/keep-access.ts'
import { registerSandbox } from './connections/sandbox.ts'
import { createConnections } from './connections/service.ts'
import { registerSignIn } from './connections/sign-in.ts'
import { createDocumentMaker } from './documents/document-maker.ts'
import { becomeDue } from './due/become-due.ts'
import { openFileStore } from './files/file-store.ts'
import { isSameStore, markStore } from './files/same-store.ts'
import { registerApi } from './http/api.ts'
import { createHttp, startHttp, stopHttp } from './http/app.ts'
import { startEvents } from './http/events.ts'
import { nightlyImportCron, startNightlyImports } from './imports/nightly-imports.ts'
import { forgetOld } from './jobs/forget-old.ts'
import { startQueue } from './jobs/queue.ts'
import { isTaskKey, runTask, sweepTasks } from './jobs/tasks.ts'
import { startWaking } from './jobs/waking.ts'
import { createMail } from './letters/mail.ts'
import { runMailLane } from './letters/send-letters.ts'
import { isMailLane } from './letters/write-letter.ts'
import { createLog, type Log } from './log.ts'
import { tellAccessLost } from './notifications/access-notices.ts'
import { mailNotices, noticesCron } from './notifications/mail-notices.ts'
import { postingsChanged } from './notifications/posting-notices.ts'
import { tellPackageInvoices } from './package-invoices/told.ts'
import { createPeople } from './people/auth.ts'
import { writeBackNumber } from './postings/customer-number.ts'
import { type Engine, ourDocuments } from './postings/engine.ts'
import { invoiceFile } from './postings/invoice-file.ts'
import { runLane } from './postings/lane.ts'
import { freeAllLeases } from './postings/lease.ts'
import { sweepLanes } from './postings/sweep.ts'
import { reminderCron } from './reminders/morning.ts'
import { sendReminders } from './reminders/send-reminders.ts'
import { createSeals, Secret } from './secrets.ts'
import type { Services } from './services.ts'
import { type Settings, secretKeyOf } from './settings.ts'
import { openStore } from './store/database.ts'
import { startEmbedded } from './store/embedded.ts'
import { prepareDatabase } from './store/migrate.ts'
import { createVies } from './vat-ids/vies.ts'

const systemClock: Clock = { now: () => new Date() }
const systemIds: Ids = { next: () => v7() }
/** Good enough to guess nothing: references and sandbox tokens are drawn from it. */
const systemRandom: Random = { next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48 }

export interface Program {
  readonly services: Services
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly address: string
  stop(): Promise<void>
}

export interface ProgramOptions {
  readonly settings: Settings
  readonly log?: Log
  readonly clock?: Clock
}

/** Everything in its order: database, people, queue, connections, routes, workers. Stops in the reverse order. */
export async function startProgram({
  settings,
  log = createLog(settings.logLevel),
  clock = systemClock,
}: ProgramOptions): Promise<Program> {
  const closing: (() => unknown)[] = []
  const stop = async () => {
    // What cannot be closed in order keeps nothing else from it: the embedded database above all.
    const failed: unknown[] = []
    for (const close of closing.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        failed.push(error)
      }
    }
    if (failed.length > 0) throw failed.length === 1 ? failed[0] : new AggregateError(failed, 'could not stop in order')
  }
  try {
    const seals = createSeals(secretKeyOf(settings))
    const ownerUrl = settings.databaseUrl ?? (await embedded(settings, log, closing))
    const { appUrl } = await prepareDatabase({ ownerUrl, appUrl: settings.databaseAppUrl, seals, log })
    const store = await openStore({ appUrl, pools: settings.pools, log })
    closing.push(() => store.close())
    const people = createPeople({
      appUrl,
      poolSize: settings.pools.auth,
      publicUrl: settings.publicUrl,
      seals,
      clock,
      ids: systemIds,
      log,
    })
    closing.push(() => people.close())
    const events = await startEvents(appUrl.reveal(), log)
    closing.push(() => events.close())
    const mail = createMail(settings)
    closing.push(() => mail.close())
    const files = openFileStore(settings)
    const documents = createDocumentMaker()
    closing.push(() => documents.close())
    await markStore({ store, files }).catch((error: unknown) =>
      log.error(
        { err: error, place: files.place },
        'the files cannot be reached: nothing can be stored until they are',
      ),
    )

    let address = settings.publicUrl
    const parts = {
      store,
      seals,
      clock,
      ids: systemIds,
      random: systemRandom,
      log,
      settings,
      events,
      files,
      documents,
      connectors: ourConnectors,
      simulators: ourSimulators,
    }
    const connections = createConnections({
      ...parts,
      sandboxOrigin: () => (settings.role === 'worker' ? settings.publicUrl : address),
    })
    closing.push(() => connections.close())

    // Stopped before them: what runs ends its call, and does not find the line cut.
    const works = settings.role !== 'web'
    const queue = await startQueue({ appUrl, poolSize: settings.pools.jobs, log, works })
    closing.push(() => queue.stop())
    const engine: Engine = {
      store,
      connectors: ourConnectors,
      wireFor: (connection, guard) => connections.wireFor(connection, guard),
      clock,
      ids: systemIds,
      random: systemRandom,
      documents: ourDocuments,
      fileOf: invoiceFile(parts),
      customerLinked: writeBackNumber,
      told: tellPackageInvoices(parts),
      wake: (trx, laneKey) => queue.wakeLane(trx, laneKey),
      notify: postingsChanged({ ...parts, queue }),
      accessLost: async ({ trx, firmId }, id) => {
        await events.publish(trx, firmId, { topic: 'connections', ids: [id] })
        await tellAccessLost(parts, trx, firmId, [id])
      },
    }
    const services: Services = { ...parts, people, queue, mail, vies: createVies(settings, log), connections, engine }

    // A worker answers for its health too, but serves neither pages nor routes.
    const isWeb = settings.role !== 'worker'
    const app = await createHttp({
      settings,
      log,
      store,
      sameFiles: () => isSameStore({ store, files }),
      ...(isWeb ? { webDir: join(import.meta.dirname, '../../web/dist') } : {}),
    })
    if (isWeb) {
      registerApi(app, services)
      registerSignIn(app, services)
      registerSandbox(app, services)
      registerHooks(app, services)
    }
    closing.push(() => stopHttp(app))
    address = await startHttp(app, settings)

    if (works) {
      // Alone with its database, this process knows that whoever held a lane is gone.
      if (!settings.databaseUrl) await store.withDirectory(freeAllLeases)
      const waking = startWaking(services, [() => sweepLanes(engine), () => sweepTasks(services)])
      closing.push(() => waking.stop())
      await queue.work(async (key, signal) => {
        if (isTaskKey(key)) return waking.later(key, await runTask(services, key, signal))
        const result = isMailLane(key)
          ? await runMailLane(services, key, { signal })
          : await runLane(engine, key, signal)
        if (result.is === 'rested') waking.later(key, result.nextAt)
      })
      await queue.repeat([
        { name: 'forget-old', cron: '40 3 * * *', run: () => forgetOld(services) },
        { name: 'become-due', cron: '2 * * * *', run: async (signal) => void (await becomeDue(services, signal)) },
        {
          name: 'send-reminders',
          cron: reminderCron,
          run: async (signal) => void (await sendReminders(services, signal)),
        },
        { name: 'take-hints', cron: '* * * * *', run: async (signal) => void (await takeHints(services, signal)) },
        { name: 'mail-notices', cron: noticesCron, run: async (signal) => void (await mailNotices(services, signal)) },
        {
          name: 'come-back',
          cron: '23 * * * *',
          run: async (signal) => void (await comeBackNightly(services, signal)),
        },
        {
          name: 'import-nightly',
          cron: nightlyImportCron,
          run: async (signal) => void (await startNightlyImports(services, signal)),
        },
        { name: 'keep-access', cron: '17 * * * *', run: async () => void (await keepAccess(services)) },
      ])
    }
    return { services, address, stop }
  } catch (error) {
    await stop().catch((late) => log.error({ err: late }, 'stopping after a failed start'))
    throw error
  }
}

async function embedded(settings: Settings, log: Log, closing: (() => unknown)[]): Promise<Secret> {
  const database = await startEmbedded({ dataDir: settings.dataDir, log })
  closing.push(() => database.stop())
  return new Secret(String(database.url))
}
