import { base, callHeaders } from '../../api.ts'
import { newKey } from '../../new-key.ts'
import { ApiProblem, problemIn } from '../../problem.ts'
import type { StoredFile } from './expense.ts'

/** Sends a file and tells how far it is (0 to 1), which `fetch` cannot. */
export function sendFile(
  file: File,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (part: number) => void },
): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${base}/files?name=${encodeURIComponent(file.name.slice(-200) || 'receipt')}`)
    request.responseType = 'text'
    for (const [name, value] of Object.entries(callHeaders())) request.setRequestHeader(name, value)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.setRequestHeader('Idempotency-Key', newKey())
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(new ApiProblem({ status: 0, code: 'offline' }))
    request.onabort = () => reject(new DOMException('left', 'AbortError'))
    request.onload = () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText))
      const headers = { 'content-type': request.getResponseHeader('content-type') ?? '' }
      problemIn(new Response(request.responseText, { status: request.status, headers })).then(reject, reject)
    }
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
