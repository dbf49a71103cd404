import type { LogFields } from '@kkt/platform/logger.ts'
import type { NodeWatch } from '../world/ground.ts'
import type { SimNode } from '../world/node.ts'
import type { Strike } from '../world/strikes.ts'
import type { BreakerCheck } from './breaker_check.ts'
import type { Findings } from './findings.ts'
import type { KktCheck } from './kkt_check.ts'
import type { LeaseCheck } from './lease_check.ts'
import type { TaskCheck } from './task_check.ts'
import type { Receipts } from './tracked.ts'

/** Errors with a known cause. Any other error is a bug of the adapter. */
const EXPECTED_ERRORS: readonly unknown[] = ['StorageFailure', 'LeaseLost', 'Killed', undefined]

/** Left out of the story, because the rest of its line says the same, or because it is another one each time. */
const NOT_TOLD = ['at', 'method', 'route', 'receipt_id', 'correction_id', 'task_id', 'request']

/** Reads the nodes' logs. */
export function logWatch(deps: {
  findings: Findings
  receipts: Receipts
  tasks: TaskCheck
  kkt: KktCheck
  breaker: BreakerCheck
  leases: LeaseCheck
}): NodeWatch['logs'] {
  const { findings, receipts, tasks, kkt, breaker, leases } = deps
  let holder = ''

  function noteLease(name: string, to: unknown): void {
    if (to !== 'held') return
    if (holder !== '' && holder !== name) findings.count('totals', 'take-overs')
    holder = name
  }

  function count(name: string, event: string, { from, to, at, outcome }: LogFields): void {
    const groups: Record<string, [group: string, what: string]> = {
      breaker_changed: ['breaker', `${from} > ${to}`],
      lease_changed: ['lease', `${from} > ${to}`],
      host_lease_changed: ['lease among hosts', `${from} > ${to}`],
      receipt_looked_up: ['look-ups', `at the ${at}: ${outcome}`],
      fencing_token_outdated: ['lease', 'token outdated'],
      printing_left_to_another: ['lease', 'lost while printing'],
      delivery_left_to_another: ['lease', 'lost while sending'],
    }
    const counted = groups[event]
    if (counted) findings.count(...counted)
    if (event === 'breaker_changed' && to === 'OPEN') breaker.opened(name)
    if (event === 'lease_changed') noteLease(name, to)
  }

  return (node, level, event, fields) => {
    const { name } = node
    const { error } = fields
    // A correction has the id of its first receipt.
    const id = fields['receipt_id'] ?? fields['correction_id']
    count(name, event, fields)
    if (event === 'host_lease_changed') leases.says(node, fields['detail'])
    if (level === 'error' || error !== undefined) findings.count('errors', `${event}: ${error}`)
    if (!EXPECTED_ERRORS.includes(error)) {
      findings.violated('no unexpected error', `${name}: ${event} ${JSON.stringify(fields)}`)
    }
    const details = Object.entries(fields).filter(([field]) => !NOT_TOLD.includes(field))
    const task = fields['task_id']
    const about = typeof id === 'string' ? ` ${receipts.name(id)}` : ''
    const aboutTask = typeof task === 'string' ? ` ${tasks.name(task)}` : ''
    const told = kkt.withNames(details.map(([, value]) => value).join(' '))
    findings.tell(`${name}: ${event}${about}${aboutTask} ${told}`)
  }
}

const DEEDS = { crash: 'crashes', pause: 'pauses', wake_others: 'resumes by others' }

export function noteStrike(findings: Findings, { name }: SimNode, { deed, point, ...strike }: Strike): void {
  const where = `${'side' in strike ? strike.side : 'at'} ${point.replaceAll('_', ' ')}`
  findings.count(DEEDS[deed], where)
  findings.tell(`${name}: ${deed.replace('_', ' ')} ${where}`)
}
