/** Wide enough for seven centimetres of paper at 500 dots an inch. */
const longestSide = 1400
const mostBytes = 1024 * 1024
const taken = ['image/png', 'image/jpeg']

/** How large a picture is drawn: never larger than it is, unless it is a drawing, which has no size of its own. */
export function drawnSize({ width, height, isDrawing }: { width: number; height: number; isDrawing: boolean }) {
  const scale = longestSide / Math.max(width, height)
  const by = isDrawing ? scale : Math.min(1, scale)
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) }
}

/**
 * A large picture is made smaller, and what is neither PNG nor JPEG becomes one, a drawing (SVG) too: here in the browser,
 * where it can do nothing.
 * What cannot be drawn is sent as it is: the server says what is wrong with it.
 */
export async function prepareLogo(file: File): Promise<Blob> {
  const isDrawing = file.type === 'image/svg+xml'
  const address = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const [width, height] = [image.naturalWidth, image.naturalHeight]
    const isSmall = Math.max(width, height) <= longestSide && file.size <= mostBytes
    if (width === 0 || height === 0 || (isSmall && taken.includes(file.type))) return file
    const canvas = document.createElement('canvas')
    Object.assign(canvas, drawnSize({ width, height, isDrawing }))
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/png'))
  } catch {
    return file
  } finally {
    URL.revokeObjectURL(address)
  }
}
