/** One browser for a test file, and pages in it whose unexpected errors fail the test. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { buildPages, isStale } from '@kkt/pages/build.ts'
import type { Browser, Locator, Page } from 'playwright-core'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { chromiumPath, launchChromium } from './chromium.ts'

/** A busy machine takes its time over a browser. Only a test that fails spends it all. */
export const SHOWN_WITHIN_MS = PATIENT_MS
const BUILT = fileURLToPath(new URL('../../services/pages/dist', import.meta.url))

let browser = (): Browser => {
  throw new Error('there is no browser: a test file calls inChromium first')
}
const opened: { page: Page; troubles: string[] }[] = []
const atEnd: (() => unknown)[] = []

/**
 * Launches one browser for all tests of a file.
 * @param flags further ones
 * @returns the browser, for tests only
 */
export function oneBrowser(flags: readonly string[] = []): () => Browser {
  setDefaultTimeout(TEST_MS)
  let launched: Browser | undefined
  beforeAll(async () => {
    if (chromiumPath) launched = await launchChromium(chromiumPath, flags)
  })
  afterAll(async () => {
    await launched?.close()
  })
  return () => {
    if (!launched) throw new Error('there is no browser')
    return launched
  }
}

/**
 * Gives a test file, which calls this once, one browser for all tests, and pages built from today's sources. An unexpected
 * error on a page fails its test.
 */
export function inChromium(): void {
  browser = oneBrowser()
  beforeAll(async () => {
    if (chromiumPath && isStale(BUILT)) await buildPages(BUILT)
  })
  afterEach(async () => {
    const all = opened.splice(0)
    await Promise.all(all.map(({ page }) => page.context().close()))
    await Promise.all(atEnd.splice(0).map((end) => end()))
    expect(all.flatMap(({ troubles }) => troubles)).toEqual([])
  })
}

/** Has this done at the end of the test, after its pages are closed. */
export const whenOver = (end: () => unknown): void => void atEnd.push(end)

export type View = { width?: number; height?: number; colorScheme?: 'light' | 'dark'; locale?: string }

/**
 * Opens a page in a browser of its own.
 * @param origin the only place that it may ask
 */
export async function openTab(
  origin: string,
  path: string,
  { width = 1280, height = 800, colorScheme = 'light', locale = 'en-GB' }: View,
) {
  const context = await browser().newContext({
    viewport: { width, height },
    colorScheme,
    locale,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const troubles: string[] = []
  page.setDefaultTimeout(SHOWN_WITHIN_MS)
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) troubles.push(`asked elsewhere: ${request.url()}`)
  })
  opened.push({ page, troubles })
  await page.goto(origin + path)
  return { page, troubles }
}

/** Waits until one of the elements has this text. */
export const shows = (where: Locator, text: string | RegExp) => where.filter({ hasText: text }).first().waitFor()
export const press = (where: Locator, name: string | RegExp) => where.getByRole('button', { name, exact: true }).click()
