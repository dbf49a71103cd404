import { TASK_TRANSITIONS } from '@kkt/adapter/src/domain/task.ts'
import type { History } from './commands/command.ts'
import type { BlockSummary, Failure } from './run_block.ts'
import { type Settings, SIMPLEST } from './world/settings.ts'

/** The groups that are shown first, in this order. */
const FIRST = [
  'totals',
  'crashes',
  'pauses',
  'ends',
  'lease',
  'lease among hosts',
  'breaker',
  'look-ups',
  'transitions',
]
const WIDTH = 120

const taskTransitions = () =>
  Object.entries(TASK_TRANSITIONS).flatMap(([from, states]) => states.map((to) => `${from} > ${to}`))

type Outcomes = Readonly<Record<string, readonly string[]>>

/** The outcomes of putting right, refunding and tasks that a long run must meet, as groups and names of the table. */
const OUTCOMES_OF_MOCK: Outcomes = {
  'answers to what puts right': [
    ...['200 printed', '200 printed, replayed', '200 buffered', '200 buffered, replayed', '200 incomplete'],
    ...['404 receipt_not_found', '409 no_fiscal_document', '409 already_corrected', '422 idempotency_key_reused'],
    ...['502 kkt_refused', '503 buffer_full', '503 kkt_unfit', '503 journal_unavailable', '503 shutting_down'],
  ],
  'put right': ['journaled as 2', 'journaled as 1', 'journaled as 1 of nothing', 'whole', 'half done', 'refused'],
  refunds: ['part', 'rest', 'beyond', 'two_at_once', 'unknown', 'taken of a known receipt'],
  answers: ['409 refund_exceeds'],
  warnings: ['refund_of_unknown', 'refund_unlike_original'],
  totals: ['receipts pruned', 'FNs replaced'],
  'answers to tasks': [
    ...['200', '200, replayed', '202', '202, replayed', '502 task_refused', '409 shift_open', '409 shift_closed'],
    ...['409 drawer_too_low', '409 no_fiscal_document', '404 receipt_not_found', '422 idempotency_key_reused'],
    ...['503 kkt_silent', '503 journal_unavailable', '503 shutting_down'],
  ],
  'transitions of tasks': taskTransitions(),
  'ends of tasks': ['done', 'refused', 'given up'],
  transitions: ['untold by an FN that was replaced', 'unknown > pending', 'unknown > accepted'],
}

/** Those of a register behind its service. */
const OUTCOMES_OF_ATOL: Outcomes = {
  totals: ['receipts pruned', 'FNs replaced'],
  'transitions of tasks': taskTransitions(),
  'ends of tasks': ['done', 'refused', 'given up'],
  transitions: ['untold by an FN that was replaced', 'unknown > pending', 'unknown > accepted', 'pending > closed'],
}

const OUTCOMES: Readonly<Record<Settings['kkt'], Outcomes>> = { mock: OUTCOMES_OF_MOCK, atol: OUTCOMES_OF_ATOL }

/** Sums the counts of blocks. */
export class Tally {
  histories = 0
  commands = 0
  failed: NonNullable<BlockSummary['failed']>[] = []
  #counts = new Map<string, number>()

  add({ histories, commands, counts, failed }: BlockSummary): void {
    this.histories += histories
    this.commands += commands
    for (const [name, times] of counts) this.#counts.set(name, (this.#counts.get(name) ?? 0) + times)
    if (failed) this.failed.push(failed)
  }

  times(group: string, what: string): number {
    return this.#counts.get(`${group}\t${what}`) ?? 0
  }

  /** The outcomes that never came. */
  missing(kkt: Settings['kkt']): string[] {
    return Object.entries(OUTCOMES[kkt]).flatMap(([group, names]) =>
      names.filter((name) => this.times(group, name) === 0).map((name) => `${group}: ${name}`),
    )
  }

  /** The counts by group. */
  table(seconds: number): string {
    const groups = new Map<string, [what: string, times: number][]>(FIRST.map((group) => [group, []]))
    for (const [name, times] of this.#counts) {
      const [group = '', what = ''] = name.split('\t')
      groups.set(group, [...(groups.get(group) ?? []), [what, times]])
    }
    groups
      .get('totals')
      ?.unshift(
        ['histories', this.histories],
        ['commands', this.commands],
        ['violations', this.failed.length],
        ['seconds', seconds],
      )
    return [...groups]
      .filter(([, rows]) => rows.length > 0)
      .map(([group, rows]) => section(group, rows))
      .join('\n')
  }
}

const number = (value: number) => Math.round(value).toLocaleString('en').replaceAll(',', ' ')

/** Rows side by side, the most frequent first. Totals keep their order. */
function section(group: string, rows: [what: string, times: number][]): string {
  const sorted = group === 'totals' ? rows : rows.toSorted((a, b) => b[1] - a[1])
  const cells = sorted.map(([what, times]) => `${number(times).padStart(9)}  ${what}`)
  const width = Math.max(...cells.map((cell) => cell.length)) + 2
  const columns = Math.max(1, Math.floor(WIDTH / width))
  const lines = Array.from({ length: Math.ceil(cells.length / columns) }, (_, line) =>
    cells
      .slice(line * columns, (line + 1) * columns)
      .map((cell) => cell.padEnd(width))
      .join('')
      .trimEnd(),
  )
  return `${group}\n${lines.join('\n')}`
}

/** The violations of a history, its story, and the line that replays it. */
export function failureReport({ seed, path, history, violations, story }: Failure): string {
  const broken = violations.map(({ invariant, what }) => `  ${invariant}: ${what}`)
  return `A history of ${history.commands.length} commands breaks what must hold:
${broken.join('\n')}

What happened, in a world with ${special(history.settings) || 'nothing special'} (node 0 is A, and node 1 is B):
${story.map((line) => `  ${line}`).join('\n')}

${replayLine(seed, path, history)} runs it again.`
}

/** The settings that differ from the simplest world. */
const special = (settings: Settings) =>
  Object.entries(settings)
    .filter(([name, value]) => Reflect.get(SIMPLEST, name) !== value)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

const replayLine = (seed: number, path: string, { settings }: History) =>
  `SEED=${seed} REPLAY=${path} make model${forKkt(settings.kkt)}`

/** The part of the command line that names the KKT. */
export const forKkt = (kkt: Settings['kkt']) => (kkt === 'mock' ? '' : ` KKT=${kkt}`)
