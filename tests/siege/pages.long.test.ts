import { afterAll, describe, expect, test } from 'bun:test'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import { chromiumPath, launchChromium } from '../browser/chromium.ts'
import { lookAt, TEXTS } from './pages.ts'

const LOOK_MS = 60_000
/** Text that is not there stays away. */
const MISSED_MS = 3000

const opened: Port[] = []
afterAll(() => Promise.all(opened.map((port) => port.stop('now'))))

async function pageWith(html: string): Promise<string> {
  const answer = () => new Response(`<!doctype html>${html}`, { headers: { 'content-type': 'text/html' } })
  const port = await openPort(answer, { hostname: '127.0.0.1', port: 0 })
  opened.push(port)
  return `http://127.0.0.1:${port.port}`
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

describe.skipIf(!chromiumPath)('a page that shows hostile text', () => {
  const look = async (html: string, shows: string[]) => {
    if (!chromiumPath) return []
    const browser = await launchChromium(chromiumPath)
    try {
      return await lookAt(browser, await pageWith(html), [['/', shows]], MISSED_MS)
    } finally {
      await browser.close()
    }
  }

  test(
    'as text is sound',
    async () => expect(await look(escaped(TEXTS.join(' ')), [TEXTS[0] ?? ''])).toEqual([]),
    LOOK_MS,
  )

  test(
    'as markup is found out',
    async () => {
      const faults = await look(TEXTS.slice(0, 3).join(' '), [])
      expect(faults).toContain('/ ran a script')
      expect(faults).toContain('/ has 3 elements of a hostile text')
    },
    LOOK_MS,
  )

  test(
    'without the text is no proof, so the look fails',
    async () => await expect(look('nothing', ['not there'])).rejects.toThrow('Timeout'),
    LOOK_MS,
  )
})
