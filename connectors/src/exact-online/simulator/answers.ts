import type { SimulatorAnswer } from '../../contract/simulator.ts'

export type Headers = Readonly<Record<string, string>>

const common = { 'cache-control': 'no-cache, no-store', pragma: 'no-cache', expires: '-1' }

export const json = (status: number, body: unknown, headers: Headers = {}): SimulatorAnswer => ({
  status,
  headers: { ...common, 'content-type': 'application/json;charset=utf-8', ...headers },
  body: JSON.stringify(body),
})

export const html = (status: number, body: string, headers: Headers = {}): SimulatorAnswer => ({
  status,
  headers: { ...common, 'content-type': 'text/html; charset=utf-8', ...headers },
  body,
})

export const nothing = (status: number, headers: Headers = {}): SimulatorAnswer => ({
  status,
  headers: { ...common, ...headers },
  body: '',
})

const gatewayTitles: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
}

/** What the gateway before the package says when it fails: a page, and nothing of the call was carried out. */
export function gatewayPage(status: number): SimulatorAnswer {
  const title = gatewayTitles[status] ?? 'Bad Gateway'
  const body = `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`
  return { status, headers: { 'content-type': 'text/html' }, body }
}

/** Business and OData errors share one body; code and language are always empty. */
export const errorBody = (value: string) => ({ error: { code: '', message: { lang: '', value } } })

export const escapeXml = (value: string): string => value.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

export function error(status: number, value: string, wantsJson = true, headers: Headers = {}): SimulatorAnswer {
  if (wantsJson) return json(status, errorBody(value), { dataserviceversion: '1.0;', ...headers })
  const body =
    '<?xml version="1.0" encoding="utf-8"?><m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">' +
    `<m:code /><m:message xml:lang="">${escapeXml(value)}</m:message></m:error>`
  return { status, headers: { ...common, 'content-type': 'application/xml;charset=utf-8', ...headers }, body }
}

/** A 401 sends its HTML reader to the sign-in page (seen in client code). */
export const unauthorized = (base: string): SimulatorAnswer => {
  const login = escapeXml(`${base}/docs/Login.aspx`)
  return html(
    401,
    `<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href="${login}">here</a>.</h2>\r\n</body></html>\r\n`,
    { 'www-authenticate': 'Bearer' },
  )
}

/** Thrown while a request is read: malformed JSON, a wrong type, a query that cannot be parsed. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly status: number
  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

export const querySyntax = () => new BadRequest('Bad Request - Error in query syntax.')
