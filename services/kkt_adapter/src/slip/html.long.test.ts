import { describe, expect, test } from 'bun:test'
import { hash } from 'node:crypto'
import { readSvg } from '@kkt/platform/testing/qr_reader.ts'
import { fiscalised } from '../testing/slips.ts'
import { WRITTEN } from '../testing/written_slips.ts'
import type { Fiscalised } from './blocks.ts'
import { slipPage } from './html.ts'
import type { Width } from './layout.ts'
import { receiptSlip } from './sections.ts'

const pageOf = (receipt: Fiscalised, width: Width) => slipPage(receiptSlip(receipt), width)

const named = (name: string) => fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }

/** The lines that the page shows. */
const shownLines = (page: string) =>
  [...page.matchAll(/<pre>([\s\S]*?)<\/pre>/g)]
    .map(([, lines = '']) => lines.replaceAll(/<\/?strong>/g, ''))
    .map((lines) => Object.entries(ENTITIES).reduce((text, [entity, letter]) => text.replaceAll(entity, letter), lines))
    .join('\n')

describe('a slip in HTML', () => {
  test.each(WRITTEN)(
    'has the lines that are written by hand, and the QR code as a picture: $what',
    async ({ receipt, width, text }) => {
      const { page } = await pageOf(receipt, width)
      const lines = text.split('\n').filter((line) => !line.startsWith('---'))
      const aboveCode = lines.slice(
        0,
        lines.findIndex((line) => line.startsWith('t=')),
      )
      expect(shownLines(page).split('\n')).toEqual(aboveCode)
      expect(readSvg(/<svg[\s\S]*<\/svg>/.exec(page)?.[0] ?? '')).toBe(receipt.doc.qrCodeData)
    },
  )

  test('is a whole Russian page, and its title tells which receipt it is', async () => {
    const { page } = await pageOf(named('Оправа'), 48)
    expect(page).toStartWith('<!doctype html>\n<html lang="ru">')
    expect(page).toContain('<title>Кассовый чек: ФД 71 от 22.11.26 16:43</title>')
    const ofMock = await pageOf({ ...named('Оправа'), isMock: true }, 48)
    expect(ofMock.page).toContain('<title>Не является кассовым чеком: ФД 71 от 22.11.26 16:43</title>')
    expect(shownLines(ofMock.page).match(/НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ/g)).toHaveLength(2)
  })

  test.each(['<script>alert(1)</script>', '</pre><img src=x onerror=alert(1)>', '"\'&amp;'])(
    'escapes %s',
    async (name) => {
      const { page } = await pageOf(named(name), 48)
      expect(shownLines(page)).toContain(name)
      expect(page).not.toContain(name)
      expect(page).not.toMatch(/<script|<img/)
    },
  )

  test('allows its own stylesheet, which is its only one, and nothing else', async () => {
    const { page, policy } = await pageOf(named('Оправа'), 48)
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style)
    expect(styles).toHaveLength(1)
    const sources = `'sha256-${hash('sha256', styles[0] ?? '', 'base64')}'`
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${sources}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
    expect(page).not.toMatch(/ style=| on\w+=|<link|https?:\/\/(?!www\.w3\.org)/)
  })

  test.each([
    [32, '58mm'],
    [48, '80mm'],
  ] as const)('of %d columns is printed on paper of %s, as long as the slip is', async (width, paper) => {
    const heights = await Promise.all(
      ['Оправа', 'Оправа '.repeat(18)].map(async (name) => {
        const { page } = await pageOf(named(name), width)
        return Number(new RegExp(`@page \\{ size: ${paper} (\\d+)mm; margin: 0; \\}`).exec(page)?.[1])
      }),
    )
    const [short = Number.NaN, long = Number.NaN] = heights
    expect(short).toBeWithin(90, 120)
    expect(long).toBeGreaterThan(short)
  })
})
