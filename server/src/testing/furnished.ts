import { assert } from '@uurwerk/core/shared/assert.ts'
import { postingsChanged } from '../notifications/posting-notices.ts'
import { tellPeople } from '../notifications/tell-people.ts'
import { tellPackageInvoices } from '../package-invoices/told.ts'
import { writeBackNumber } from '../postings/customer-number.ts'
import { type Engine, ourDocuments } from '../postings/engine.ts'
import { invoiceFile } from '../postings/invoice-file.ts'
import { runLane } from '../postings/lane.ts'
import { type ConnectedApp, connectedApp, type Office, office } from './connected.ts'
import { askingAs } from './furnished-asking.ts'
import { type FurnishedBooks, furnishBooks } from './furnished-books.ts'
import { type FurnishedComingBack, furnishComingBack } from './furnished-coming-back.ts'
import { type FurnishedDue, furnishDue } from './furnished-due.ts'
import { type FurnishedExpenses, furnishExpenses } from './furnished-expenses.ts'
import { type FurnishedImports, furnishImports } from './furnished-imports.ts'
import { type FurnishedInvoices, furnishInvoices } from './furnished-invoices.ts'
import { type FurnishedMasterData, furnishMasterData } from './furnished-master-data.ts'
import { type FurnishedPeople, furnishPeople } from './furnished-people.ts'
import { type FurnishedTime, furnishTime } from './furnished-time.ts'
import { pngOf } from './picture.ts'

export interface FurnishedApp extends ConnectedApp {
  /** Sends what waits in the lane of a connection, until nothing is due. */
  runLane(laneKey: string): Promise<void>
}

/** The API with packages behind it and an engine that posts. */
export async function furnishedApp(): Promise<FurnishedApp> {
  let engine: Engine | undefined
  const app = await connectedApp((services) => {
    const { store, connectors, connections, clock, ids, random, queue } = services
    engine = {
      store,
      connectors,
      wireFor: (connection, guard) => connections.wireFor(connection, guard),
      clock,
      ids,
      random,
      documents: ourDocuments,
      fileOf: invoiceFile(services),
      customerLinked: writeBackNumber,
      told: tellPackageInvoices(services),
      wake: (trx, laneKey) => queue.wakeLane(trx, laneKey),
      notify: postingsChanged(services),
    }
    return { engine }
  })
  return {
    ...app,
    async runLane(laneKey) {
      assert(engine, 'the services were asked for')
      await runLane(engine, laneKey)
    },
  }
}

/** A firm that has a row of everything; each of these is there for one thing to happen to it. */
export interface FurnishedFirm
  extends Office,
    FurnishedMasterData,
    FurnishedInvoices,
    FurnishedBooks,
    FurnishedExpenses,
    FurnishedPeople,
    FurnishedTime {
  /** Stands in every text of this firm, and in no other's. */
  readonly word: string
  readonly customer: FurnishedMasterData['customer'] & {
    /** Deleted in the package. */
    readonly unlinked: string
  }
  readonly comingBack: FurnishedComingBack
  /** An unread one of the administrator. */
  readonly notification: string
  readonly importConflict: string
  readonly proposal: FurnishedImports['proposal']
  /** The hash of the logo that the firm has. */
  readonly logo: string
  readonly due: FurnishedDue
}

/** Takes the road a person takes, so that the rows are those of the program itself. */
export async function furnishedFirm(app: FurnishedApp, word: string): Promise<FurnishedFirm> {
  const at = await office(app, { name: `${word} Advies`, email: `kantoor@${word.toLowerCase()}.example` })
  const { firm } = at
  const asking = askingAs(at)
  const masterData = await furnishMasterData(app.services, asking, { firm, word })
  const { customer, project, activity } = masterData
  const { forBooks, ...invoices } = await furnishInvoices(app.services, asking, { firm, word, ...masterData })
  const books = await furnishBooks(app, at, asking, {
    word,
    activityId: activity.used,
    hoursThere: forBooks.hoursThere,
    invoice: { posted: invoices.invoice.posted, refused: forBooks.refused, doubtful: forBooks.doubtful },
  })
  const people = await furnishPeople(app, asking, { firm, word, ...masterData, hours: invoices.hours })
  const expenses = await furnishExpenses(app, at, asking, { word, ...masterData })
  const logo = await app.app.inject({
    method: 'PUT',
    url: '/api/v1/firm/logo',
    headers: { ...at.headers, 'content-type': 'image/png' },
    payload: pngOf([...Buffer.from(firm.id.slice(-3))] as [number, number, number]),
  })
  const time = await furnishTime(app.services, {
    firm,
    word,
    projectId: project.used,
    activityIds: [activity.used, activity.unused],
  })
  const due = await furnishDue(app.services, {
    firm,
    word,
    customerId: customer.used,
    activityId: activity.used,
  })
  const imports = await furnishImports(app.services, {
    firm,
    word,
    connectionId: books.connection.used,
    customerId: customer.used,
  })
  const comingBack = await furnishComingBack(app.services, {
    firm,
    word,
    connection: books.connection,
    customerId: customer.used,
    postingId: books.posting.posted,
    invoiceId: forBooks.goneThere,
  })
  const { connection } = books
  const notification = await firm.within(async (trx) => {
    const { services } = app
    await tellPeople(
      { trx, firmId: firm.id, services, now: app.clock.now() },
      {
        to: 'connections:write',
        code: 'reconnect',
        values: { package: 'Exact Online', administration: `${word} B.V.` },
        link: `/settings/connections/${connection.used}`,
        key: `reconnect:${connection.used}`,
      },
    )
    const told = await trx.selectFrom('notification').select('id').where('firmId', '=', firm.id).executeTakeFirst()
    return told?.id as string
  })
  return {
    ...at,
    ...masterData,
    ...invoices,
    ...books,
    ...people,
    ...expenses,
    ...time,
    due,
    comingBack,
    notification,
    importConflict: imports.importConflict,
    proposal: imports.proposal,
    word,
    customer: { ...customer, unlinked: imports.unlinked },
    logo: logo.json<{ logo: string }>().logo,
  }
}
