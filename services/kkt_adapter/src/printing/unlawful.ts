import { mintedAtMs } from '../domain/receipt_clock.ts'
import { refusedVat } from '../domain/vat_verdicts.ts'
import { RECEIPT_WORDS } from '../domain/words/words.ts'
import type { ToPrint } from '../journal/print_queries.ts'

type LawRules = {
  refusesBadVat: boolean
  /** The date in the KKT's zone, `yyyy-mm-dd`. */
  dateAt: (ms: number) => string
}

/** Why the law would not have a receipt on the day of its id, or null. */
export type Unlawful = (receipt: Pick<ToPrint, 'id' | 'content'>) => string | null

/** Judges the receipts that are taken unjudged, because the KKT may have printed them for a lost journal. */
export const createUnlawful =
  ({ refusesBadVat, dateAt }: LawRules): Unlawful =>
  ({ id, content }) => {
    const [first] = refusesBadVat ? refusedVat(content, dateAt(mintedAtMs(id))) : []
    return first ? RECEIPT_WORDS.en.warnings.ofItem(first.pointer, first.message) : null
  }
