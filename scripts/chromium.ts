import { existsSync } from 'node:fs'
import type { Browser, LaunchOptions } from 'playwright-core'
import { chromium } from 'playwright-core'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Arguments for a machine without a screen; root cannot have Chromium's sandbox. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
]

/** `CHROMIUM` if set, else an installed browser, else the one that comes with the packages. */
export async function chromiumPath(): Promise<string> {
  const named = process.env.CHROMIUM
  if (named) return named
  const found = installed.find((path) => existsSync(path))
  if (found) return found
  const { default: packed } = await import('@sparticuz/chromium')
  return packed.executablePath()
}

export const launchChromium = async (options: LaunchOptions = {}): Promise<Browser> =>
  chromium.launch({ executablePath: await chromiumPath(), args: quiet, ...options })
