import { adapter, type Mutant } from './mutant.ts'

/** Bugs in what a receipt says, in what the till's settings say beside it, and in the document that the KKT makes of it. */
export const RECEIPTS: readonly Mutant[] = [
  {
    name: 'let new business have a rate that the law has ended',
    breaks: 'the rules of VAT',
    file: adapter('domain/vat_verdicts.ts'),
    find: "(isNewSale ? 'refused' : 'unusual')",
    replace: "(isNewSale ? 'unusual' : 'unusual')",
  },
  {
    name: 'leave the change on the cash',
    breaks: 'the sums of a document',
    file: adapter('domain/payment.ts'),
    find: "type === 'cash' ? sumKopecks - changeKopecks : sumKopecks",
    replace: 'sumKopecks',
  },
  {
    name: 'forget the settings of the till when a receipt is read',
    breaks: 'invariant 4',
    file: adapter('journal/rows.ts'),
    find: 'return withFilledIn(said, filledIn)',
    replace: 'return filledIn === null ? said : withFilledIn(said, null)',
    caughtBy: 'tests/model/model.test.ts',
  },
  {
    name: 'compare the settings of the till with the words of a known key',
    breaks: 'invariant 2',
    file: adapter('journal/intake.ts'),
    find: 'const text = contentText(content)',
    replace: 'const text = contentText(withFilledIn(content, filledIn))',
    caughtBy: adapter('http/till_words.test.ts'),
  },
  {
    name: 'warn of nothing when a receipt is sent again',
    breaks: 'invariant 2',
    file: adapter('http/receipt_routes.ts'),
    find: '...warningsOf(receipt, { driver, journal, dateAt: rules.dateAt }, language),',
    replace:
      '...(receipt.asked === undefined ? [] : warningsOf(receipt, { driver, journal, dateAt: rules.dateAt }, language)),',
    caughtBy: adapter('http/till_words.test.ts'),
  },
  {
    name: 'answer a token with the receipt of another one',
    breaks: 'invariant 2',
    file: adapter('journal/key_receipts.ts'),
    find: 'return owner === null ? byAnyOwner.all(key) : []',
    replace: 'return byAnyOwner.all(key)',
    caughtBy: adapter('journal/key_owners.test.ts'),
  },
  {
    name: 'open a shift without counting its document',
    breaks: 'the numbers of documents',
    file: 'services/mock_kkt/device/filing.ts',
    find: '    this.deps.memory.documents.append(doc.kind, doc, this.#time.instantMs, paper)\n',
    replace: '',
    caughtBy: 'services/mock_kkt/device/service_documents.long.test.ts',
  },
  {
    name: 'sign a document with more than 32 bits',
    breaks: 'the sign of a document',
    file: 'services/mock_kkt/device/sign.ts',
    find: 'const SIGN_HEX_DIGITS = 8',
    replace: 'const SIGN_HEX_DIGITS = 9',
    caughtBy: 'tests/model/model.test.ts',
  },
  {
    name: 'make the document of a correction that of a plain receipt',
    breaks: 'the kind of a document',
    file: 'services/mock_kkt/device/details.ts',
    find: 'isCorrection: correction !== undefined',
    replace: 'isCorrection: false && correction !== undefined',
    caughtBy: 'services/mock_kkt/device/details.long.test.ts',
  },
]
