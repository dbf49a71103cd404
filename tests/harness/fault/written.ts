import type { Fault } from '../mock_wire.ts'
import { isSwitch } from './short_form.ts'
import { writtenValue } from './values.ts'

/** The faults that are on, in the short form. Settings that it cannot express are written as JSON. */
export function writtenShortForm(configuration: Record<string, unknown>, faults: readonly Fault[]): string[] {
  const { sequence, seed } = configuration
  return [
    ...faults.flatMap((fault) => plansOn(fault, configuration[fault.name]).map((plan) => writtenPlan(fault, plan))),
    ...Object.entries({ sequence, seed }).flatMap(([name, value]) =>
      value === undefined ? [] : [`(${name} ${JSON.stringify(value)})`],
    ),
  ]
}

function plansOn(fault: Fault, value: unknown): unknown[] {
  if (isSwitch(fault)) return value === fault.example[fault.name] ? [value] : []
  return [value].flat().filter((plan) => plan !== undefined && plan !== null && plan !== 0 && plan !== false)
}

function writtenPlan(fault: Fault, plan: unknown): string {
  const { name, bare_number } = fault
  // Without a value, the name of this switch would read as its opposite.
  if (plan === false) return `${name.replaceAll('_', '-')} false`
  const fields = typeof plan === 'number' ? { [bare_number ?? '']: plan } : plan
  const words = typeof fields === 'object' && fields !== null ? Object.entries(fields) : []
  return [name.replaceAll('_', '-'), ...words.flatMap(([key, value]) => writtenField(fault, key, value))].join(' ')
}

const MATCH: Record<string, string> = {
  pos_id: 'pos',
  receipt_id: 'receipt',
  kkt_id: 'kkt',
  attempt: 'attempt',
  task: 'task',
}

function writtenField({ bare_number, parameters }: Fault, name: string, value: unknown): string[] {
  const parameter = parameters.properties[name]
  const written = writtenValue(value, parameter)
  if (name === 'times') return [`x${written}`]
  if (name === 'after') return value === 0 ? [] : [`+${written}`]
  if (name === 'probability') return [`p=${written}`]
  if (name === 'match')
    return Object.entries(Object(value)).map(([inner, one]) => `${MATCH[inner] ?? inner}=${writtenValue(one)}`)
  return [name === bare_number ? written : `${name}=${written}`]
}
