import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'

let app: ConnectedApp
beforeAll(async () => {
  app = await connectedApp()
})
afterAll(() => app.close())

describe('connecting to Exact Online in the sandbox', () => {
  it('goes from activation to a connection with lists and health', async () => {
    const at = await office(app)
    const id = await at.connect()
    const { body } = await at.ask<any>(`/connections/${id}`)
    console.log(JSON.stringify(body, null, 1))
    console.log((await at.ask<any>('/tasks')).body.rows)
    expect(body.state).toBe('connected')
  })
})
