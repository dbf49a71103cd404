import type { AuditEvent, EventKind } from './wire.ts'
import type { Words } from './words/en.ts'

/** From where to where, in the words of its kind. A state that the pages do not know is shown as it is. */
export function changeOf({ kind, from, to }: Pick<AuditEvent, 'kind' | 'from' | 'to'>, words: Words): string {
  const texts: Record<EventKind, Record<string, string>> = {
    receipt: words.statuses,
    task: words.day.statuses,
    breaker: words.flow.breaker,
    lease: words.leases,
    odoo: words.parts.odoos,
    command: words.commands,
    // From one FN to another: their numbers are their names.
    kkt: {},
  }
  const named = (state: string) => (Object.hasOwn(texts[kind], state) ? texts[kind][state] : undefined) ?? state
  return from === null || from === to ? named(to) : `${named(from)} → ${named(to)}`
}
