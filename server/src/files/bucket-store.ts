import { createHash } from 'node:crypto'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { AwsClient } from 'aws4fetch'
import type { Secret } from '../secrets.ts'
import type { ByteStore } from './file-store.ts'

/** A bucket of S3 or of what speaks like it (MinIO, Ceph, Garage, R2), addressed by path: `<endpoint>/<bucket>/<name>`. */
export interface Bucket {
  /** Origin only: `https://s3.example.nl`. */
  readonly endpoint: string
  readonly name: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
}

const patienceMs = 30_000

export function bucketStore(bucket: Bucket): ByteStore {
  const place = `${bucket.endpoint}/${bucket.name}`
  const client = new AwsClient({
    accessKeyId: bucket.accessKeyId,
    secretAccessKey: bucket.secretAccessKey.reveal(),
    region: bucket.region,
    service: 's3',
    // A PUT of bytes under their own hash may be done twice.
    retries: 2,
  })
  const ask = async (method: 'GET' | 'HEAD' | 'PUT' | 'DELETE', name: string, body?: Uint8Array): Promise<Response> => {
    const sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const given = body
      ? {
          body: new Uint8Array(body),
          headers: { 'x-amz-content-sha256': sha256, 'content-type': 'application/octet-stream' },
        }
      : { headers: { 'x-amz-content-sha256': sha256 } }
    try {
      return await client.fetch(`${place}/${name}`, { method, ...given, signal: AbortSignal.timeout(patienceMs) })
    } catch (error) {
      throw away(place, error)
    }
  }
  const refused = async (answer: Response, ...fine: readonly number[]): Promise<void> => {
    if (answer.ok || fine.includes(answer.status)) return
    throw away(place, new Error(`${answer.status} ${(await answer.text()).slice(0, 500)}`))
  }
  return {
    place,
    async write(name, bytes) {
      const answer = await ask('PUT', name, bytes)
      await refused(answer)
      await answer.body?.cancel()
    },
    async read(name) {
      const answer = await ask('GET', name)
      await refused(answer, 404)
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer())
      await answer.body?.cancel()
      return undefined
    },
    async exists(name) {
      const answer = await ask('HEAD', name)
      await refused(answer, 404)
      return answer.ok
    },
    async remove(name) {
      const answer = await ask('DELETE', name)
      await refused(answer, 404)
      await answer.body?.cancel()
    },
  }
}

const away = (place: string, error: unknown) =>
  new ProblemError({ kind: 'temporary', code: 'files-away', values: { place } }, error)
