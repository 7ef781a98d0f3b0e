/** A key nobody else has drawn. `crypto.randomUUID` is missing where a page came over plain http from another machine. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
