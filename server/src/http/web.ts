import fs from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { StartRefused } from '../start-refused.ts'
import { contentPolicy, newNonce } from './content-policy.ts'

const HOUR_S = 3600

/** Serves the built web. Answers with what serves its one page, for every address that is a screen. */
export async function registerWeb(
  app: FastifyInstance,
  webDir: string,
): Promise<(reply: FastifyReply) => FastifyReply> {
  const index = path.join(webDir, 'index.html')
  if (!fs.existsSync(index))
    throw new StartRefused(`The web is not built: ${index} is missing. Start with "npm start".`)
  const page = fs.readFileSync(index, 'utf8')

  await app.register(fastifyStatic, {
    root: webDir,
    index: false,
    // Known files only: whatever else is asked for goes on to the screens.
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, file) => {
      const hashed = path.relative(webDir, file).startsWith(`assets${path.sep}`)
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : `public, max-age=${HOUR_S}`)
    },
    globIgnore: ['**/index.html', '**/*.br', '**/*.gz'],
  })
  const servePage = (reply: FastifyReply) => {
    const nonce = newNonce()
    return reply
      .header('content-security-policy', contentPolicy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page.replace('</head>', `<meta name="csp-nonce" content="${nonce}" />\n  </head>`))
  }
  app.get('/', async (_request, reply) => servePage(reply))
  app.get('/index.html', async (_request, reply) => reply.redirect('/', 308))
  return servePage
}
