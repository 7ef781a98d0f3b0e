import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettings, secretKeyOf, settingsAsMarkdown, settingsTable } from './settings.ts'

describe('the settings', () => {
  it('have a standard for everything', () => {
    expect(readSettings({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      databaseUrl: null,
      publicUrl: 'http://localhost:3000',
      sandbox: true,
      role: 'all',
      exactOnline: null,
      mail: null,
      viesUrl: null,
      logLevel: 'info',
      trustProxy: false,
      pools: { app: 12, jobs: 4, auth: 4 },
    })
  })

  it('take an empty setting for an absent one', () => {
    expect(readSettings({ PORT: '', SANDBOX: ' ', DATABASE_URL: '' })).toEqual(readSettings({}))
  })

  it('tell everything that is wrong at once, and repeat no secret', () => {
    const wrong = () =>
      readSettings({
        PORT: '99999',
        PUBLIC_URL: 'https://example.nl/uurwerk',
        DATABASE_URL: 'mysql://root:hush@host/db',
        SECRET_KEY: 'hush',
        ROLE: 'boss',
        SANDBOX: 'yes',
        SMTP_URL: 'smtp://host',
        EXACT_ONLINE_CLIENT_ID: 'id',
        POOL_APP: '0',
      })
    expect(wrong).toThrow('9 settings are wrong')
    for (const words of [
      'PORT must be a whole number from 0 to 65535 (it is "99999")',
      'PUBLIC_URL must be a scheme and a host alone',
      'DATABASE_URL must start with postgres:// or postgresql://',
      'SECRET_KEY must have at least 32 characters',
      'ROLE must be all, web, worker',
      'SANDBOX must be on, off',
      'MAIL_FROM is needed with SMTP_URL',
      'EXACT_ONLINE_CLIENT_SECRET is needed with EXACT_ONLINE_CLIENT_ID',
      'POOL_APP must be a whole number from 1 to 500',
    ])
      expect(wrong).toThrow(words)
    expect(wrong).not.toThrow('hush')
  })

  it.each([
    ['https://ec.europa.eu/taxation_customs/vies/rest-api', 'https://ec.europa.eu/taxation_customs/vies/rest-api'],
    ['https://ec.europa.eu/taxation_customs/vies/rest-api/', 'https://ec.europa.eu/taxation_customs/vies/rest-api'],
    ['http://127.0.0.1:4000/rest-api', 'http://127.0.0.1:4000/rest-api'],
  ])('look up VAT ids at %s', (VIES_URL, viesUrl) => expect(readSettings({ VIES_URL })).toMatchObject({ viesUrl }))

  it.each([
    ['http://ec.europa.eu/vies', 'VIES_URL must start with https://'],
    ['https://user@ec.europa.eu/vies', 'VIES_URL must be an address without user, query or fragment'],
    ['https://ec.europa.eu/vies?x=1', 'VIES_URL must be an address without user, query or fragment'],
    ['ec.europa.eu', 'VIES_URL is not a URL'],
  ])('do not look up VAT ids at %s', (VIES_URL, words) => expect(() => readSettings({ VIES_URL })).toThrow(words))

  it.each([
    [{ PUBLIC_URL: 'https://uurwerk.example.nl/' }, 'https://uurwerk.example.nl', false],
    [{ PUBLIC_URL: 'https://uurwerk.example.nl', SANDBOX: 'on' }, 'https://uurwerk.example.nl', true],
    [{ PUBLIC_URL: 'http://[::1]:3000' }, 'http://[::1]:3000', true],
    [{ PUBLIC_URL: 'http://127.0.0.1:80', SANDBOX: 'off' }, 'http://127.0.0.1', false],
  ])('offer the sandbox on this machine or when asked: %j', (env, publicUrl, sandbox) => {
    expect(readSettings(env)).toMatchObject({ publicUrl, sandbox })
  })

  it('are documented, each once, in a table whose rows hold together', () => {
    const lines = settingsAsMarkdown()
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    expect(lines.map((line) => line.split('`')[1])).toEqual(settingsTable.map(({ name }) => name))
    expect(new Set(lines).size).toBe(lines.length)
    for (const line of lines) expect(line.replaceAll('\\|', '').match(/\|/g)).toHaveLength(4)
  })
})

describe('the secret key', () => {
  const inFolder = () => {
    const secretKeyFile = join(mkdtempSync(join(tmpdir(), 'uurwerk-key-')), 'data', 'secret.key')
    return { secretKey: null, secretKeyFile }
  }

  it('is made once, for its owner only, and stays', () => {
    const settings = inFolder()
    const first = secretKeyOf(settings)
    expect(first.reveal()).toHaveLength(43)
    expect(statSync(settings.secretKeyFile).mode & 0o777).toBe(0o600)
    expect(secretKeyOf(settings).reveal()).toBe(first.reveal())
  })

  it('refuses a file that was cut off and leaves it as it is', () => {
    const settings = inFolder()
    secretKeyOf(settings)
    writeFileSync(settings.secretKeyFile, 'short')
    expect(() => secretKeyOf(settings)).toThrow('fewer than 32 characters')
    expect(readFileSync(settings.secretKeyFile, 'utf8')).toBe('short')
  })
})
