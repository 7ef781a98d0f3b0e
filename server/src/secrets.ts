import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { assert } from '@uurwerk/core/shared/assert.ts'

/** Text that must not reach a log, an answer or an error: every way of printing it gives `[secret]`. */
export class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  reveal(): string {
    return this.#text
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

/** Where a sealed text belongs. It opens nowhere else: not for another firm, not for another purpose. */
export interface SealPlace {
  /** `null` for what belongs to the installation, not to a firm. */
  readonly firmId: string | null
  /** Kebab-case, stable: `exact-online-tokens`. */
  readonly purpose: string
}

export interface Seals {
  /** Names the key without giving it away; a sealed text carries the id of the key it was sealed with. */
  readonly keyId: string
  seal(secret: Secret, place: SealPlace): string
  open(sealed: string, place: SealPlace): Secret
  /** For tokens that are looked up: the same token gives the same text, which is worth nothing without the key. */
  hashToken(token: string): string
  /** A secret that every process with the same key agrees on without storing it. */
  derive(purpose: string): Secret
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSeals(secretKey: Secret): Seals {
  assert(secretKey.reveal().length >= 32, 'the secret key has fewer than 32 characters')
  const subkey = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey.reveal(), 'uurwerk', purpose, 32))
  const sealKey = subkey('seal v1')
  const tokenKey = subkey('token v1')
  const keyId = subkey('key id v1').subarray(0, 6).toString('base64url')
  // Each part is quoted, so that no firm and purpose together read as another pair.
  const associated = (place: SealPlace) => Buffer.from(JSON.stringify([VERSION, keyId, place.firmId, place.purpose]))

  return {
    keyId,
    seal(secret, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(associated(place))
      const body = Buffer.concat([nonce, cipher.update(secret.reveal(), 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${VERSION}.${keyId}.${body.toString('base64url')}`
    },
    open(sealed, place) {
      const [version, sealedWith, text, ...rest] = sealed.split('.')
      if (version !== VERSION || !sealedWith || !text || rest.length > 0) throw new SealBroken('not a sealed text')
      if (sealedWith !== keyId)
        throw new SealBroken(`sealed with key ${sealedWith}, and SECRET_KEY now is key ${keyId}`)
      const body = Buffer.from(text, 'base64url')
      if (body.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('a sealed text was cut off')
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealKey, body.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
          .setAAD(associated(place))
          .setAuthTag(body.subarray(-TAG_BYTES))
        const plain = [decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
        return new Secret(Buffer.concat(plain).toString('utf8'))
      } catch {
        throw new SealBroken(`a sealed text was altered or does not belong to ${place.purpose}`)
      }
    },
    hashToken: (token) => createHmac('sha256', tokenKey).update(token).digest('base64url'),
    derive: (purpose) => new Secret(subkey(`derived: ${purpose}`).toString('base64url')),
  }
}

/** 256 bits that nobody can guess, for tokens and keys; the prefix says what kind of token it is. */
export const randomToken = (prefix = ''): Secret => new Secret(prefix + randomBytes(32).toString('base64url'))
