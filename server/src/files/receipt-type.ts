import { fileTypeFromBuffer } from 'file-type'

/** What a receipt may be, and how its name ends. */
export const receiptTypes = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/heic': 'heic',
  'image/heif': 'heif',
  'application/pdf': 'pdf',
} as const
export type ReceiptType = keyof typeof receiptTypes

/** What the bytes are, whatever they are called; undefined when nothing that is known. */
export const mediaTypeOf = async (bytes: Uint8Array): Promise<string | undefined> =>
  (await fileTypeFromBuffer(bytes))?.mime

export const isReceipt = (mediaType: string | undefined): mediaType is ReceiptType =>
  mediaType !== undefined && Object.hasOwn(receiptTypes, mediaType)

/** Two names of one thing; a browser that knows no type says `application/octet-stream`, which promises nothing. */
export function isWhatItSays(declared: string | undefined, found: string | undefined): boolean {
  const said = familyOf(declared ?? '')
  return said === '' || said === 'application/octet-stream' || said === familyOf(found ?? '')
}

const familyOf = (mediaType: string): string => {
  const plain = mediaType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (plain === 'image/jpg' || plain === 'image/pjpeg') return 'image/jpeg'
  return /^image\/hei[cf](-sequence)?$/.test(plain) ? 'image/heif' : plain
}
