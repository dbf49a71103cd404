import type { Cashier } from '../../domain/customer.ts'
import {
  FN_FLAG_NAMES,
  FN_FLAGS,
  type FnFlag,
  receiptsIn,
  type ShiftDocument,
  type Unsent,
} from '../../domain/shift.ts'
import { offsetOf } from './answer_forms.ts'
import type { FnDocumentRead } from './fn_documents.ts'
import type { Registered } from './registration.ts'
import { countersIn, type ShiftCounters } from './shift_counters.ts'
import { flagIn, numberIn, type Tags, textIn, timeIn } from './tags.ts'

/** The facts beside the document. `standing`: the FN's as it is now, which a document may leave out. */
export type ShiftFacts = {
  registered: Registered
  fnNumber: string
  standing: { fnFlags: FnFlag[]; unsent: Unsent }
  /** The counters that were read last. They hold for a closing of their shift. */
  counters: ShiftCounters | null
}

/** @returns null for a document of another kind, or one that does not tell its shift */
export function shiftDocumentOf(document: FnDocumentRead, facts: ShiftFacts): ShiftDocument | null {
  const { kind, shiftNumber, tags } = document
  if (shiftNumber === null) return null
  const same = { ...ofBoth(document, facts), shiftNumber }
  if (kind === 'shift_opening') return { ...same, kind }
  if (kind !== 'shift_closing') return null
  const counters = facts.counters?.shiftNumber === shiftNumber ? facts.counters : null
  const totals = counters?.totals ?? countersIn(tags)
  if (totals === null) return null
  const receiptCount = numberIn(tags, '1118') ?? receiptsIn(totals)
  return {
    ...same,
    kind,
    receiptCount,
    // The opening and the closing are counted, too.
    documentCount: numberIn(tags, '1111') ?? receiptCount + 2,
    totals,
    drawerKopecks: counters?.drawerKopecks ?? null,
  }
}

function ofBoth(document: FnDocumentRead, { registered, fnNumber, standing }: ShiftFacts) {
  const { tags } = document
  return {
    fdNumber: document.fdNumber,
    fiscalSign: document.fiscalSign,
    fiscalDatetime: document.fiscalDatetime,
    instantMs: document.instantMs,
    fnNumber,
    kktNumber: registered.kktNumber,
    registrationNumber: registered.registrationNumber,
    serialNumber: registered.serialNumber,
    seller: registered.seller,
    address: registered.address ?? '',
    place: registered.place ?? '',
    cashier: cashierIn(tags),
    ffdVersion: registered.ffdVersion,
    fnsUrl: registered.fnsUrl,
    fnFlags: flagsIn(tags) ?? standing.fnFlags,
    unsent: unsentIn(tags, offsetOf({ text: document.fiscalDatetime })) ?? standing.unsent,
  }
}

function cashierIn(tags: Tags): Cashier | null {
  const [name, inn] = [textIn(tags, '1021'), textIn(tags, '1203')]
  if (name === null) return null
  return inn === null ? { name } : { name, inn }
}

/** @returns null where the document tells none of them */
function flagsIn(tags: Tags): FnFlag[] | null {
  const told = FN_FLAG_NAMES.filter((flag) => flagIn(tags, String(FN_FLAGS[flag])) !== null)
  if (told.length === 0) return null
  return told.filter((flag) => flagIn(tags, String(FN_FLAGS[flag])) === true)
}

function unsentIn(tags: Tags, offset: string): Unsent | null {
  const count = numberIn(tags, '1097')
  if (count === null) return null
  if (count === 0) return { count, firstFd: null, sinceMs: null }
  return { count, firstFd: numberIn(tags, '1116'), sinceMs: timeIn(tags, '1098', offset)?.instantMs ?? null }
}
