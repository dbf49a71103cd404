import { columns, indent } from '../harness/stack/output.ts'
import { type Outcome, totals } from './judge.ts'

const HEADINGS = ['attack', 'tries', 'no answer', '4xx', '2xx, 3xx', '503 full', '5xx', 'crashes']

export function table(outcome: Outcome): string {
  const rows = outcome.rows.map(({ name, tries, cut, hung, refused, taken, full, failed, crashes }) => [
    ...[name, tries, cut + hung, refused],
    ...[taken, full, failed, crashes],
  ])
  return `Attacks, by what became of each try:
${indent(columns([HEADINGS, ...rows]))}

In all:
${indent(columns(totals(outcome)))}`
}
