import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Switches off everything but showing pages. Root can have no sandbox. */
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** The browser's path, or undefined, with a printed line, where there is none. */
export const chromiumPath = find(process.env['CHROMIUM'], existsSync)

/** @throws Error when the requested browser is missing */
export function find(asked: string | undefined, isThere: (path: string) => boolean): string | undefined {
  if (asked && !isThere(asked)) throw new Error(`CHROMIUM is ${JSON.stringify(asked)}: there is no such file.`)
  const found = asked || USUAL_PATHS.find(isThere)
  if (!found) {
    process.stderr.write(
      'Skipped: there is no Chromium here (Debian: apt install chromium), or CHROMIUM does not say where.\n',
    )
  }
  return found
}

/** Launches a browser with a temporary profile. @param flags further ones */
export const launchChromium = (executablePath: string, flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...FLAGS, ...flags] })
