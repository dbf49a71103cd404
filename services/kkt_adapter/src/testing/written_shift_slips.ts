/** Slips of shifts, reports and cash, each with its lines as they are written by hand. */
import { readFileSync } from 'node:fs'
import type { Slip } from '../slip/blocks.ts'
import { cashSlip, xReportSlip } from '../slip/desk_slip.ts'
import type { Width } from '../slip/layout.ts'
import { shiftSlip } from '../slip/shift_slip.ts'
import { busyShift, closingDocument, openingDocument } from './shift_documents.ts'

type Written = { what: string; slip: Slip; width: Width; text: string }

const written = (name: string, slip: Slip, width: Width): Written => ({
  what: `${name}, ${width} columns`,
  slip,
  width,
  text: readFileSync(new URL(`../slip/by_hand/${name.replaceAll(' ', '_')}_${width}.txt`, import.meta.url), 'utf8'),
})

const CASHIER = { name: 'Иванова А. А.', inn: '123456789047' }

const OPENING = shiftSlip(openingDocument({ cashier: CASHIER }), false)

/** The FN warns of all that it can, and the OFD has had nothing for two days. */
const CLOSING = shiftSlip(
  closingDocument(busyShift(), {
    cashier: CASHIER,
    fnFlags: ['ends_in_30_days', 'ends_in_3_days', 'nearly_full', 'ofd_silent'],
    // The next day by the KKT's clock.
    unsent: { count: 3, firstFd: 69, sinceMs: Date.parse('2026-11-19T22:15:00Z') },
  }),
  false,
)

const MADE = { localTime: '2026-11-22T15:05', kktNumber: 'KKT-001', isMock: false }

const X_REPORT = xReportSlip({ ...MADE, totals: busyShift(), drawerKopecks: 1_154_990 })

const CASH_IN = cashSlip({
  ...MADE,
  kind: 'cash_in',
  amountKopecks: 1_000_000,
  reason: 'Размен на начало дня',
  drawerKopecks: 1_000_000,
})

const CASH_OUT = cashSlip({
  ...MADE,
  isMock: true,
  kind: 'cash_out',
  amountKopecks: 300_050,
  reason: null,
  drawerKopecks: null,
})

export const WRITTEN_SHIFTS: readonly Written[] = [
  written('shift opening', OPENING, 48),
  written('shift closing', CLOSING, 48),
  written('shift closing', CLOSING, 32),
  written('x report', X_REPORT, 32),
  written('cash in', CASH_IN, 48),
  written('cash out', CASH_OUT, 32),
]
