import type { ShiftTotals } from '../domain/shift.ts'
import { amount, type Block, labelled, type Section, type Slip } from './blocks.ts'
import { localTime } from './heading.ts'
import { NOT_FISCAL } from './shift_slip.ts'
import { drawerOf, totalsOf } from './totals.ts'

/** The KKT makes no fiscal document of it, so that the slip has the adapter's own time and the KKT's own name. */
type Made = {
  /** `yyyy-mm-ddThh:mm`, in the zone of the KKT. */
  localTime: string
  kktNumber: string
  isMock: boolean
  /** Null: nobody counts the drawer. */
  drawerKopecks: number | null
}

export type XReport = Made & { totals: ShiftTotals }

export type CashMoved = Made & {
  kind: 'cash_in' | 'cash_out'
  amountKopecks: number
  reason: string | null
}

export const xReportSlip = (report: XReport): Slip =>
  slipOf('СУТОЧНЫЙ ОТЧЕТ БЕЗ ГАШЕНИЯ', 'Суточный отчет без гашения', report, totalsOf(report.totals))

export function cashSlip(moved: CashMoved): Slip {
  const isIn = moved.kind === 'cash_in'
  const body: Block[] = [amount('СУММА', moved.amountKopecks), ...labelled('ОСНОВАНИЕ', moved.reason ?? undefined)]
  return isIn ? slipOf('ВНЕСЕНИЕ', 'Внесение', moved, body) : slipOf('ВЫПЛАТА', 'Выплата', moved, body)
}

function slipOf(printed: string, ofPage: string, made: Made, body: Section): Slip {
  const at = localTime({ fiscalDatetime: made.localTime })
  const notice = made.isMock ? NOT_FISCAL : []
  const heading: Section = [
    { kind: 'centred', text: printed, isStrong: true },
    { kind: 'pair', label: `КАССА ${made.kktNumber}`, value: at },
  ]
  const sections = [notice, heading, [...body, ...drawerOf(made.drawerKopecks)], notice]
  return { title: `${ofPage} от ${at}`, sections: sections.filter(({ length }) => length > 0) }
}
