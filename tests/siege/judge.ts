/** Says whether a besieged adapter held. */
import type { Sale } from '../harness/invariants.ts'
import type { Row } from './tally.ts'

/** One acceptance by the OFD. A receipt that it took twice has two entries. */
type Taken = { receipt_id: string }

export type Outcome = {
  rows: readonly Row[]
  /** Of the eight tills. */
  sales: readonly Sale[]
  /** How often a till had to send a sale again, after a 503 or no answer. */
  sentAgain: number
  ledger: readonly Taken[]
  /** Receipts of the sales that were hidden in other requests. */
  smuggled: number
  /** The signal or the exit code with which the adapter ended by itself. Null where it did not. */
  crash: string | null
  /** Faults of the journal's books, and whatever else the run itself met. */
  troubles: readonly string[]
  /** The error lines of the adapter's log. */
  logged: readonly string[]
  /** The most memory that the adapter had. Null where the system does not tell. */
  highestBytes: number | null
  seconds: number
  /** Begun of the attacks that follow one another. Those that hold connections take turns of their own. */
  rounds: number
}

/** Each fault, one a line. */
export function failures(outcome: Outcome): string[] {
  const { rows, sales, smuggled, crash, troubles, logged } = outcome
  return [
    ...rows.flatMap(rowFailures),
    ...sales.flatMap((sale) => saleFailure(sale) ?? []),
    ...deliveryFailures(outcome),
    ...(smuggled > 0 ? [`smuggling: ${smuggled} hidden sales are in the journal`] : []),
    ...(crash === null ? [] : [`the adapter ended by itself with ${crash}`]),
    ...logged.map((line) => `the adapter logged ${line}`),
    ...troubles,
  ]
}

function rowFailures({ name, failed, hung, crashes, faults }: Row): string[] {
  return [
    ...(failed > 0 ? [`${name}: ${failed} answers were 5xx`] : []),
    ...(hung > 0 ? [`${name}: ${hung} requests got no answer and no end`] : []),
    ...(crashes > 0 ? [`${name}: the adapter ended`] : []),
    ...faults.map((fault) => `${name}: ${fault}`),
  ]
}

const printedIds = ({ answers }: Pick<Sale, 'answers'>) =>
  answers.flatMap((one) => (one.kind === 'printed' ? [one.receiptId] : []))

function saleFailure({ key, answers }: Sale): string | undefined {
  const odd = answers.find(({ kind }) => kind === 'other' || kind === 'refused')
  if (odd) return `the sale ${key} was answered ${odd.kind === 'other' ? odd.what : odd.kind}`
  const ids = new Set(answers.flatMap((one) => ('receiptId' in one ? [one.receiptId] : [])))
  if (ids.size > 1) return `the sale ${key} was answered with ${ids.size} receipts`
  return printedIds({ answers }).length === 0 ? `the sale ${key} was never answered as printed` : undefined
}

function deliveryFailures({ sales, ledger }: Outcome): string[] {
  const times = new Map<string, number>()
  for (const { receipt_id: id } of ledger) times.set(id, (times.get(id) ?? 0) + 1)
  const doubled = [...times].flatMap(([id, count]) => (count > 1 ? [`receipt ${id} is ${count} times at the OFD`] : []))
  const sold = sales.flatMap((sale) =>
    printedIds(sale)
      .slice(0, 1)
      .map((id) => ({ id, key: sale.key })),
  )
  const lost = sold.flatMap(({ id, key }) =>
    times.has(id) ? [] : [`the sale ${key} is not at the OFD: receipt ${id}`],
  )
  return [...doubled, ...lost]
}

/** The sums of a run, with a name each. */
export function totals(outcome: Outcome): [name: string, value: number | string][] {
  const sum = (count: (row: Row) => number) => outcome.rows.reduce((all, row) => all + count(row), 0)
  const { sales, sentAgain, ledger, highestBytes, seconds, rounds } = outcome
  const unanswered = sales.filter((sale) => printedIds(sale).length === 0).length
  const atOfd = new Set(ledger.map(({ receipt_id: id }) => id))
  const notOnce = deliveryFailures(outcome).length
  return [
    ['seconds', Math.round(seconds)],
    ['rounds of attacks', rounds],
    ['tries', sum(({ tries }) => tries)],
    ['crashes', outcome.crash === null ? 0 : 1],
    ['answers 5xx', sum(({ failed }) => failed)],
    ['sales of the tills', sales.length],
    ['sales unanswered', unanswered],
    ['times that a till had to send a sale again', sentAgain],
    ['receipts at the OFD', atOfd.size],
    ['sales not exactly once at the OFD', notOnce],
    [
      'highest resident memory of the adapter, in MiB',
      highestBytes === null ? '?' : Math.round(highestBytes / 2 ** 20),
    ],
  ]
}
