import { describe, expect, test } from 'bun:test'
import { Paper } from '@kkt/platform/testing/escpos_reader.ts'
import { noTotals } from '../domain/shift.ts'
import { closingDocument, openingDocument } from '../testing/shift_documents.ts'
import { WRITTEN_SHIFTS } from '../testing/written_shift_slips.ts'
import { slipBytes } from './escpos.ts'
import { slipPage } from './html.ts'
import { shiftSlip } from './shift_slip.ts'
import { slipText } from './text.ts'

/** The lines without the rules between them, in the characters of the code page. */
const withoutRules = (text: string) => text.split('\n').filter((line) => line !== '' && !/^-+$/.test(line))

describe.each(WRITTEN_SHIFTS)('the slip that is written by hand: $what', ({ slip, width, text }) => {
  test('is the text', () => {
    expect(slipText(slip, width)).toBe(text)
  })

  test('has its lines on the page', async () => {
    const { page } = await slipPage(slip, width)
    const shown = [...page.matchAll(/<pre>([\s\S]*?)<\/pre>/g)].map(([, lines = '']) => lines)
    const lines = shown
      .join('\n')
      .replaceAll(/<\/?strong>/g, '')
      .replaceAll('&quot;', '"')
    expect(lines.split('\n')).toEqual(withoutRules(text))
    expect(page).toContain(`<title>${slip.title}</title>`)
    expect(page).not.toContain('<svg')
  })

  test('has its lines on the paper of a printer, which is cut', async () => {
    const { lines, codes, cuts } = new Paper(await slipBytes(slip, width))
    expect(withoutRules(lines.join('\n'))).toEqual(withoutRules(text))
    expect([codes, cuts]).toEqual([[], 1])
  })
})

test('a closing of the mock KKT begins and ends by saying that it is no fiscal document', () => {
  const closing = closingDocument(noTotals())
  const notice = '       НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ\n'
  const rule = `${'-'.repeat(48)}\n`
  expect(slipText(shiftSlip(closing, true), 48)).toBe(
    notice + rule + slipText(shiftSlip(closing, false), 48) + rule + notice,
  )
})

test('a shift without any receipt says so, and one whose drawer nobody counts says nothing of it', () => {
  const text = slipText(shiftSlip(closingDocument(noTotals(), { receiptCount: 0 }), false), 32)
  expect(text).toContain('\nПРИХОД, ЧЕКОВ 0            =0.00\n')
  expect(text).toContain('\nНАЛИЧНЫХ В КАССЕ       =11549.90\n')
  const uncounted = slipText(shiftSlip(closingDocument(noTotals(), { drawerKopecks: null }), false), 32)
  expect(uncounted).not.toContain('НАЛИЧНЫХ')
})

test('the day since which documents are unsent is that of the zone of the document', () => {
  const sinceMs = Date.parse('2026-11-19T23:30:00Z')
  const unsent = { count: 1, firstFd: 60, sinceMs }
  const inZone = (offset: string) =>
    slipText(shiftSlip(openingDocument({ unsent, fiscalDatetime: `2026-11-22T09:00:00${offset}` }), false), 32)
  expect(inZone('-01:00')).toContain('\nФД НЕ ПЕРЕДАНЫ С      19.11.2026\n')
  expect(inZone('+00:30')).toContain('\nФД НЕ ПЕРЕДАНЫ С      20.11.2026\n')
})
