import type { Program } from '../program.ts'
import { sampleAdministrator } from './sample-firm.ts'

/** Makes the sample firm on an empty installation and says how to sign in; on another it does nothing. */
export async function setUpSample({ address, services }: Program): Promise<void> {
  const language = /^nl/i.test(process.env.LANG ?? '') ? 'nl' : 'en'
  const answer = await fetch(`${address}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: services.settings.publicUrl },
    body: JSON.stringify({ sample: true, language }),
  })
  if (answer.status === 409) console.log('\n  There is a firm here already; the sample firm was not added.')
  else if (!answer.ok) throw new Error(`the sample firm was refused: ${await answer.text()}`)
  console.log(`\n  Sample firm: sign in as ${sampleAdministrator.email} with ${sampleAdministrator.password}`)
}
