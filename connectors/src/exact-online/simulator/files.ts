import { rowOf, type SimulatorAnswer, type SimulatorRequest, type World } from '../../contract/simulator.ts'
import { nothing, unauthorized } from './answers.ts'
import { bearerOf } from './tokens.ts'
import { text } from './world-state.ts'

/** A file at the address that its attachment names; it wants a token as the API does. */
export function answerFile(request: SimulatorRequest, world: World, now: Date): SimulatorAnswer {
  if (!bearerOf(request, world, now)?.alive) return unauthorized(request.base)
  const file = rowOf(world, 'DocumentAttachments', request.url.searchParams.get('ID') ?? '')
  if (!file) return nothing(404)
  const name = text(file.FileName).replaceAll('"', '')
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${encodeURIComponent(name)}"`,
  }
  const body = Uint8Array.from(atob(text(file.Attachment)), (sign) => sign.charCodeAt(0))
  return { status: 200, headers, body }
}
