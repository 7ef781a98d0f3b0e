/** Longest side of a photo that is sent: enough to read every line of a receipt. */
const mostPixels = 2500
/** As large as the server takes it. */
export const mostBytes = 10 * 1024 * 1024

/** The size within a square, in the same proportion; what fits stays as it is. */
export function fitWithin(width: number, height: number, most: number): { width: number; height: number } {
  const part = Math.min(1, most / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * part)), height: Math.max(1, Math.round(height * part)) }
}

/** Pictures that are sent as they are when they are not too large; the server takes no others than these and HEIC. */
const plain = ['image/jpeg', 'image/png']

/**
 * A photo as it is sent: within 2500 pixels, and a JPEG when it was something else that this browser can show (HEIC of
 * a telephone, WebP). What the browser cannot show goes as it is, so that the server says what is wrong with it.
 */
export async function preparePhoto(file: File): Promise<File> {
  if (file.type === 'application/pdf') return file
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) return file
  try {
    const { width, height } = fitWithin(picture.width, picture.height, mostPixels)
    if (width === picture.width && plain.includes(file.type) && file.size <= mostBytes) return file
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const drawing = canvas.getContext('2d')
    if (!drawing) return file
    // A JPEG sees through nothing.
    drawing.fillStyle = '#ffffff'
    drawing.fillRect(0, 0, width, height)
    drawing.drawImage(picture, 0, 0, width, height)
    const smaller = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85))
    return smaller
      ? new File([smaller], `${file.name.replace(/\.[^.]*$/, '') || 'receipt'}.jpg`, { type: 'image/jpeg' })
      : file
  } finally {
    picture.close()
  }
}
