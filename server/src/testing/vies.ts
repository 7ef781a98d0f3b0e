import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Asked {
  readonly countryCode: string
  readonly vatNumber: string
  readonly requesterMemberStateCode?: string
  readonly requesterNumber?: string
}

export interface SimulatedVies {
  /** What goes into VIES_URL. */
  readonly url: string
  readonly asked: readonly Asked[]
  /** What it says from now on whatever it is asked: one of its words, an answer of the network, or as registered again. */
  says(word: string | null): void
  /** Has it in its registers from now on. */
  register(vatId: string, as: Registered): void
  close(): Promise<void>
}

interface Registered {
  readonly name: string
  readonly address: string
}

/** Registered there: name and address, or dashes where a country keeps them to itself. */
const registered: Readonly<Record<string, Registered>> = {
  BE0123456749: { name: 'Bakkerij Zon BV', address: 'Dorpsstraat 1\n2000 Antwerpen' },
  DE136695976: { name: '---', address: '---' },
}

/**
 * VIES over HTTP as its REST service behaves: errors come with status 200 and one of its words, a consultation number
 * only to whoever tells his own VAT id, and a country may answer nothing at all while the others do.
 */
export async function simulateVies(): Promise<SimulatedVies> {
  const asked: Asked[] = []
  const known = new Map(Object.entries(registered))
  let word: string | null = null
  const json = (response: ServerResponse, body: object) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const refuse = (response: ServerResponse, error: string) =>
    json(response, { actionSucceed: false, errorWrappers: [{ error }] })
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    if (request.method !== 'POST' || request.url !== '/rest-api/check-vat-number') return response.writeHead(404).end()
    const body = JSON.parse(text) as Asked
    asked.push(body)
    if (word === 'cut') return request.socket.destroy()
    if (word === 'elsewhere') return response.writeHead(302, { location: 'https://example.org/' }).end()
    if (word === 'html') return response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>')
    if (word === '503') return response.writeHead(503).end('Service Unavailable')
    if (word) return refuse(response, word)
    const { countryCode, vatNumber, requesterMemberStateCode: own, requesterNumber } = body
    if (
      !/^(AT|BE|BG|CY|CZ|D[EK]|E[ELS]|F[IR]|H[RU]|I[ET]|L[TUV]|MT|NL|P[LT]|RO|S[EIK]|XI)$/.test(countryCode) ||
      !vatNumber
    )
      return refuse(response, 'INVALID_INPUT')
    if (own !== undefined && !requesterNumber) return refuse(response, 'INVALID_REQUESTER_INFO')
    const found = known.get(countryCode + vatNumber)
    json(response, {
      countryCode,
      vatNumber,
      requestDate: '2026-03-31T10:00:00.123Z',
      valid: found !== undefined,
      requestIdentifier: own ? `WAPIAAAAtest${String(asked.length).padStart(4, '0')}` : '',
      name: found?.name ?? '---',
      address: found?.address ?? '---',
      traderNameMatch: 'NOT_PROCESSED',
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rest-api`,
    asked,
    says: (next) => {
      word = next
    },
    register: (vatId, as) => void known.set(vatId, as),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
