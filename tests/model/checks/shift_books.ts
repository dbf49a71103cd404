import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Findings } from './findings.ts'

/** The part of a receipt's document that a shift counts. */
const soldForm = z.object({
  totalKopecks: z.int(),
  details: z.object({
    operation: z.enum(['sale', 'refund', 'buy', 'buy_refund']),
    isCorrection: z.boolean(),
    payments: z.array(z.object({ type: z.string(), amountKopecks: z.int() })),
  }),
})
const openingForm = z.object({ shiftNumber: z.int() })
const closingForm = z.object({
  shiftNumber: z.int(),
  receiptCount: z.int(),
  documentCount: z.int(),
  totals: z.json(),
  drawerKopecks: z.int().nullable(),
})

/** The device's shift and drawer from one of its commits on. */
type Moment = { commit: number; isOpen: boolean; drawerKopecks: number }

/** Counts the shifts and the drawer by the documents in the FN and the tasks that the device has done. */
export class ShiftBooks {
  drawerKopecks = 0
  /** Null: no shift is open. */
  openShift: number | null = null
  #documents = 0
  #receipts = 0
  /** The numbers that are not 0, by their paths in the totals. */
  #counted = new Map<string, number>()
  #moments: Moment[] = [{ commit: 0, isOpen: false, drawerKopecks: 0 }]

  constructor(private readonly findings: Findings) {}

  /** Another FN is in the KKT. Its shifts are counted from 1 again, and the drawer keeps its cash. */
  fnReplaced(): void {
    this.openShift = null
    this.#counted.clear()
  }

  receipt(doc: string): void {
    const { totalKopecks, details } = soldForm.parse(JSON.parse(doc))
    const { operation, isCorrection, payments } = details
    const isIn = operation === 'sale' || operation === 'buy_refund'
    const group = `${isCorrection ? 'corrections' : 'receipts'}.${operation}`
    this.#documents += 1
    this.#receipts += 1
    this.#count(`${group}.count`, 1)
    this.#count(`${group}.sumKopecks`, totalKopecks)
    for (const { type, amountKopecks } of payments) {
      this.#count(`${group}.payments.${type}`, amountKopecks)
      if (type === 'cash') this.drawerKopecks += isIn ? amountKopecks : -amountKopecks
    }
  }

  opened(doc: string): void {
    const { shiftNumber } = openingForm.parse(JSON.parse(doc))
    if (this.openShift !== null)
      this.findings.violated('shifts', `shift ${shiftNumber} opens, and shift ${this.openShift} is open`)
    this.openShift = shiftNumber
    this.#documents = 1
    this.#receipts = 0
  }

  /** A closing says what its shift has brought. */
  closed(doc: string): void {
    const { findings } = this
    const { shiftNumber, receiptCount, documentCount, totals, drawerKopecks } = closingForm.parse(JSON.parse(doc))
    const name = `the closing of shift ${shiftNumber}`
    if (this.openShift !== shiftNumber)
      findings.violated('shifts', `${name} comes, and shift ${this.openShift} is open`)
    if (receiptCount !== this.#receipts)
      findings.violated('shifts', `${name} says ${receiptCount} receipts, and there are ${this.#receipts}`)
    if (documentCount !== this.#documents + 1)
      findings.violated('shifts', `${name} says ${documentCount} documents, and there are ${this.#documents + 1}`)
    const said = new Map(numbersIn(totals))
    if (!isDeepStrictEqual(sorted(said), sorted(this.#counted)))
      findings.violated('shifts', `${name} says ${shown(said)}, and it is ${shown(this.#counted)}`)
    this.saysDrawer(name, drawerKopecks)
    this.openShift = null
    this.#counted.clear()
  }

  /** Cash that is moved while no shift is open counts in the next one. */
  moved(kind: 'cash_in' | 'cash_out', amountKopecks: number): void {
    const of = kind === 'cash_in' ? 'cashIn' : 'cashOut'
    this.#count(`${of}.count`, 1)
    this.#count(`${of}.sumKopecks`, amountKopecks)
    this.drawerKopecks += kind === 'cash_in' ? amountKopecks : -amountKopecks
  }

  /** @param kopecks as the device says; null where it keeps no sum */
  saysDrawer(name: string, kopecks: number | null): void {
    if (kopecks === null || kopecks === this.drawerKopecks) return
    this.findings.violated('drawer', `${name} says ${kopecks} kopecks, and there are ${this.drawerKopecks}`)
  }

  /** All of a commit of the device has happened. */
  committed(commit: number): void {
    const moment = { isOpen: this.openShift !== null, drawerKopecks: this.drawerKopecks }
    const last = this.#moments.at(-1)
    if (last?.isOpen !== moment.isOpen || last.drawerKopecks !== moment.drawerKopecks)
      this.#moments.push({ commit, ...moment })
  }

  /** Whether something was so at that commit or later. */
  wasSince(commit: number, what: (moment: Moment) => boolean): boolean {
    return this.#moments.some((moment, i) => (this.#moments[i + 1]?.commit ?? Infinity) > commit && what(moment))
  }

  #count(path: string, by: number): void {
    const sum = (this.#counted.get(path) ?? 0) + by
    if (sum === 0) this.#counted.delete(path)
    else this.#counted.set(path, sum)
  }
}

/** The numbers in a JSON value that are not 0, with their paths. */
function* numbersIn(value: unknown, path: readonly string[] = []): Iterable<[string, number]> {
  if (typeof value === 'number' && value !== 0) yield [path.join('.'), value]
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* numbersIn(inner, [...path, name])
}

const sorted = (counted: ReadonlyMap<string, number>) => [...counted].sort(([a], [b]) => (a < b ? -1 : 1))
const shown = (counted: ReadonlyMap<string, number>) =>
  sorted(counted)
    .map(([path, sum]) => `${path} ${sum}`)
    .join(', ') || 'nothing'
