/** An app whose metrics a test scrapes. */
import { expect } from 'bun:test'
import { startApp } from './app_kit.ts'
import { valuesOf } from './samples.ts'

const PREFIX = 'kkt_adapter_'

export function scraping(options: Parameters<typeof startApp>[0] = {}) {
  const app = startApp(options)
  /** The values of the adapter's own metrics, by name without the prefix. */
  const scrape = async () => {
    const { status, text } = await app.read('/metrics')
    expect(status).toBe(200)
    return Object.fromEntries(
      Object.entries(valuesOf(text)).map(([name, value]) => [name.startsWith(PREFIX) ? name.slice(12) : name, value]),
    )
  }
  const sell = async () => {
    const sold = app.post()
    await app.clock.advance(0)
    return (await sold).json
  }
  const sync = () => app.ask('POST', '/v1/kkt/buffer/sync')
  return { ...app, scrape, sell, sync }
}
