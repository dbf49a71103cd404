import { mayFollow, STATUSES, TRANSITIONS } from '../../../services/kkt_adapter/src/domain/state.ts'

const ENDS = '[*]'

/** The states of a receipt as a Mermaid diagram, made from the table of transitions. */
export function stateDiagram(): string {
  const starts = STATUSES.filter((status) => mayFollow(null, status)).map((status) => arrow(ENDS, status))
  const moves = STATUSES.flatMap((from) => {
    const next: readonly string[] = TRANSITIONS[from]
    return next.length === 0 ? [arrow(from, ENDS)] : next.map((to) => arrow(from, to))
  })
  return ['```mermaid', 'stateDiagram-v2', ...starts, ...moves, '```', ''].join('\n')
}

const arrow = (from: string, to: string) => `  ${from} --> ${to}`
