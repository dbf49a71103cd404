import { describe, expect, test } from 'bun:test'
import { completed, withOriginal } from './completed.ts'
import { isAsSent, warningViolations } from './content_violations.ts'
import type { LedgerEntry, TillAnswer } from './invariants.ts'
import { item, receipt } from './receipts.ts'
import { docOf, idOf, tillsDocOf } from './sample_history.ts'
import type { Body, Content } from './wire_content.ts'

const POS_ID = 'first'

const entryOf = (n: number, content: Content): LedgerEntry => ({
  receipt_id: idOf(n),
  pos_id: POS_ID,
  ofd_id: `OFD-${n}`,
  fiscal_doc_number: n,
  findings: [],
  document: { ...content, receipt_id: idOf(n), pos_id: POS_ID, kkt_id: 'KKT-001', fiscal_doc: docOf(n) },
})

describe('a refund that leaves something to its original', () => {
  const sale: Body = {
    ...receipt({ pos_id: POS_ID }),
    items: [{ ...item(), payment_object: 'service' }],
    taxation_system: 'patent',
  }
  const original = entryOf(1, completed(sale, {}))
  const { fn_number: fn } = docOf(1)
  const refundOf = (fd: number): Body => ({ ...receipt({ pos_id: POS_ID }), type: 'refund', refund_of: { fn, fd } })
  const [whole, bare] = [completed(withOriginal(refundOf(1), original.document, true), {}), completed(refundOf(1), {})]

  test.each([
    ['has its words where the journal lost nothing', 1, whole, false, true],
    ['is not without them, because its till was told of the document', 1, bare, false, false],
    ['has its words where the journal lost receipts, but not this', 1, whole, true, true],
    ['may be without them where the journal lost receipts', 1, bare, true, true],
    ['has nothing of an original that nobody knows', 7, { ...bare, refund_of: { fn, fd: 7 } }, false, true],
    ['has no words of another sale', 7, { ...whole, refund_of: { fn, fd: 7 } }, false, false],
  ])('%s', (_what, fd, content, isLossy, isRight) => {
    expect(whole).not.toEqual(bare)
    const facts = { tillsFiles: [{}], ledger: [original], isLossy, sentContent: (content: Content) => content }
    expect(isAsSent(entryOf(2, content), refundOf(fd), facts)).toBe(isRight)
  })
})

const answer = (kind: 'printed' | 'buffered', ...codes: string[]): TillAnswer => {
  const told = { receiptId: 'receipt', warnings: codes.map((code) => ({ code, message: 'Mend it.' })) }
  return kind === 'buffered' ? { kind, ...told } : { kind, doc: tillsDocOf(1), ...told }
}

test.each([
  ['of the same', [answer('buffered', 'no_cashier'), answer('printed', 'no_cashier')], 0],
  ['of an opening with the document', [answer('buffered'), answer('printed', 'shift_opened')], 0],
  ['of an opening before its paper', [answer('buffered', 'shift_opened'), answer('printed', 'shift_opened')], 0],
  ['of something else', [answer('buffered'), answer('printed', 'no_cashier')], 1],
  ['of an opening later on', [answer('printed'), answer('printed', 'shift_opened')], 1],
  ['of an opening, and then not', [answer('buffered', 'shift_opened'), answer('printed')], 1],
])('a key that is warned %s', (_what, answers, violations) => {
  expect([...warningViolations('key', answers)]).toHaveLength(violations)
})
