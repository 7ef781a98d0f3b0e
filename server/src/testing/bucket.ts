import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bucket } from '../files/bucket-store.ts'
import { Secret } from '../secrets.ts'

/** Storage that speaks like S3, small and strict: what is not signed for it, word for word, it refuses. */
export interface TestBucket {
  readonly bucket: Bucket
  readonly objects: Map<string, Buffer>
  /** `403 PUT /receipts/…`, in order. */
  readonly log: string[]
  /** How many of the next requests it answers with 503. */
  busy: number
  close(): Promise<void>
}

const keys = { accessKeyId: 'AKTESTTESTTEST', secretAccessKey: 'a secret/that+is only for tests' }
const region = 'eu-north-1'

export async function testBucket(name = 'receipts'): Promise<TestBucket> {
  const objects = new Map<string, Buffer>()
  const log: string[] = []
  const server = createServer(async (request, answer) => {
    const body = await bytesOf(request)
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    const status = judge(request, body)
    const end = (code: number, content: Buffer | string = '') => {
      log.push(`${code} ${request.method} ${pathname}`)
      answer
        .writeHead(code, { 'content-length': Buffer.byteLength(content) })
        .end(request.method === 'HEAD' ? '' : content)
    }
    if (one.busy > 0) {
      one.busy--
      return end(503, '<Error><Code>SlowDown</Code></Error>')
    }
    if (status !== 200) return end(status, '<Error><Code>SignatureDoesNotMatch</Code></Error>')
    const [, bucket, ...key] = pathname.split('/')
    if (bucket !== name) return end(404, '<Error><Code>NoSuchBucket</Code></Error>')
    const at = decodeURIComponent(key.join('/'))
    const found = objects.get(at)
    if (request.method === 'PUT') {
      objects.set(at, body)
      return end(200)
    }
    if (request.method === 'DELETE') {
      objects.delete(at)
      return end(204)
    }
    return found ? end(200, found) : end(404, '<Error><Code>NoSuchKey</Code></Error>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const one: TestBucket = {
    bucket: {
      endpoint,
      name,
      region,
      accessKeyId: keys.accessKeyId,
      secretAccessKey: new Secret(keys.secretAccessKey),
    },
    objects,
    log,
    busy: 0,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return one
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Signature Version 4, computed here from the request as it came (AWS General Reference, "Signing AWS requests"). */
function judge(request: IncomingMessage, body: Buffer): number {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
  const [, key, day = '', given, signed = '', signature = ''] = form.exec(request.headers.authorization ?? '') ?? []
  if (key !== keys.accessKeyId || given !== region) return 403
  const at = String(request.headers['x-amz-date'])
  if (!at.startsWith(day) || !signed.split(';').includes('host')) return 403
  const contentHash = String(request.headers['x-amz-content-sha256'])
  if (contentHash !== sha256(body)) return 400
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
  const canonical = [
    request.method,
    pathname,
    [...searchParams]
      .map((pair) => pair.map(encodeURIComponent).join('='))
      .sort()
      .join('&'),
    ...signed.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    signed,
    contentHash,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const secret = ['s3', 'aws4_request'].reduce<Buffer>(hmac, hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region))
  const ours = hmac(secret, ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n'))
  return timingSafeEqual(ours, Buffer.from(signature, 'hex')) ? 200 : 403
}
