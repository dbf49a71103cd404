import type { ShiftDocument, ShiftDocumentKind } from '../domain/shift.ts'
import { type Block, inRussianOrder, type Section, type Slip } from './blocks.ts'
import { shiftDocument } from './foot.ts'
import { localTime, shiftHeading } from './heading.ts'
import { drawerOf, totalsOf } from './totals.ts'
import { FN_FLAG_WORDS } from './words.ts'

/** Tag 1000. */
const TITLES: Readonly<Record<ShiftDocumentKind, { printed: string; ofPage: string }>> = {
  shift_opening: { printed: 'ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ', ofPage: 'Отчет об открытии смены' },
  shift_closing: { printed: 'ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ', ofPage: 'Отчет о закрытии смены' },
}

/** The slip of a shift's opening or closing. @param isMock the mock KKT made the document */
export function shiftSlip(doc: ShiftDocument, isMock: boolean): Slip {
  const title = TITLES[doc.kind]
  const notice = isMock ? NOT_FISCAL : []
  const sections = [
    notice,
    shiftHeading(doc, title.printed),
    [...countsOf(doc), ...warningsOf(doc)],
    ...(doc.kind === 'shift_closing' ? [[...totalsOf(doc.totals), ...drawerOf(doc.drawerKopecks)]] : []),
    shiftDocument(doc),
    notice,
  ]
  return {
    title: `${title.ofPage} ${doc.shiftNumber}: ФД ${doc.fdNumber} от ${localTime(doc)}`,
    sections: sections.filter(({ length }) => length > 0),
  }
}

/** The law knows no document of the mock KKT. */
export const NOT_FISCAL: Section = [{ kind: 'centred', text: 'НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ', isStrong: true }]

/** Tags 1118, 1111, 1097 and 1098. */
function countsOf(doc: ShiftDocument): Block[] {
  const { count, sinceMs } = doc.unsent
  return [
    ...(doc.kind === 'shift_closing'
      ? [pair('ЧЕКОВ ЗА СМЕНУ', doc.receiptCount), pair('ФД ЗА СМЕНУ', doc.documentCount)]
      : []),
    pair('НЕПЕРЕДАННЫХ ФД', count),
    ...(sinceMs === null ? [] : [pair('ФД НЕ ПЕРЕДАНЫ С', dayOf(sinceMs, doc.fiscalDatetime))]),
  ]
}

const pair = (label: string, value: number | string): Block => ({ kind: 'pair', label, value: String(value) })

const warningsOf = ({ fnFlags }: ShiftDocument): Block[] =>
  fnFlags.map((flag) => ({ kind: 'text', text: FN_FLAG_WORDS[flag] }))

const MINUTE_MS = 60_000

/** The day of an instant in the zone of a document: `20.11.2026`. */
function dayOf(ms: number, fiscalDatetime: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)$/.exec(fiscalDatetime) ?? []
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1)
  return inRussianOrder(new Date(ms + offsetMs).toISOString().slice(0, 'yyyy-mm-dd'.length))
}
