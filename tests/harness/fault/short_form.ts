import type { Fault } from '../mock_wire.ts'
import { BadShortForm, type Parameter, readValue } from './values.ts'

export const GRAMMAR = `The short form: faults with , or ; between them, each a name and what is to be said of it, in any order.
  delay 0.5s            a number for the fault's main parameter: 0.5, 0.5s, 500ms, 2m
  hang x3               strikes 3 times
  hang +2               lets 2 calls by first
  hang p=0.3 ttl=10s    strikes 3 calls in 10 (also 30%), is over after 10 s
  hang down=5s/up=20s   strikes for 5 s, not for 20 s, and so on
  hang pos=POS-1        only this till's; also receipt=, kkt=, attempt=, task=, operation=submit|lookup|any
  refuse status=422 share=0.1     any parameter by its name
  hang off              ends this one
  none                  ends all
Dashes and underscores are alike; "…" holds what has spaces in it. The same fault twice is two plans. What is not named stays.`

/** Short names for parameters that every plan may have. */
const SHORT: Record<string, string> = {
  p: 'probability',
  pos: 'match.pos_id',
  pos_id: 'match.pos_id',
  receipt: 'match.receipt_id',
  receipt_id: 'match.receipt_id',
  kkt: 'match.kkt_id',
  kkt_id: 'match.kkt_id',
  attempt: 'match.attempt',
  task: 'match.task',
}

type Plan = Record<string, unknown>

/**
 * The configuration that a short form asks for.
 * @param faults the mock's catalogue
 * @throws BadShortForm naming the wrong word and what is taken
 */
export function parseShortForm(text: string, faults: readonly Fault[]): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  for (const [first = '', ...rest] of items(text)) {
    // `deduplicate=false`, as in the configuration, means `deduplicate false`.
    const [named = '', value] = first.split(/=(.*)/s)
    const name = named.replaceAll('-', '_')
    const words = value === undefined ? rest : [value, ...rest]
    if (name === 'none' && words.length === 0) Object.assign(change, endOf(faults))
    else {
      const fault = faults.find((one) => one.name === name)
      if (!fault) throw new BadShortForm(`${JSON.stringify(first)} is no fault of this mock: ${namesOf(faults)}`)
      change[name] = together(fault, name in change ? change[name] : undefined, settingOf(fault, words))
    }
  }
  return change
}

const namesOf = (faults: readonly Fault[]) => `it takes none, ${faults.map(({ name }) => name).join(', ')}.`

const endOf = (faults: readonly Fault[]) => ({
  ...Object.fromEntries(faults.map((fault) => [fault.name, off(fault)])),
  sequence: null,
})

/** The parts between commas, each in words. */
function items(text: string): string[][] {
  const found: string[][] = [[]]
  for (const [word] of text.matchAll(/(?:[^\s,;"]|"(?:[^"\\]|\\.)*")+|[,;"]/gs)) {
    if (word === ',' || word === ';') found.push([])
    else if (word === '"') throw new BadShortForm('A " is opened and not closed.')
    else found.at(-1)?.push(word)
  }
  return found.filter((words) => words.length > 0)
}

export const isSwitch = ({ bare_number }: Fault): boolean => bare_number === null

const off = (fault: Fault) => fault.off

/** Whether the fault takes only a number. */
export const takesNumberAlone = ({ bare_number, parameters: { properties } }: Fault): boolean =>
  Object.keys(properties).every((name) => name === bare_number)

function settingOf(fault: Fault, words: string[]): unknown {
  const { name, bare_number, parameters } = fault
  if (words.length === 1 && words[0] === 'off') return off(fault)
  if (isSwitch(fault)) return switched(fault, words)
  const plan = planOf(fault, words)
  const missing = [...(parameters.required ?? []), ...(takesNumberAlone(fault) ? [bare_number ?? ''] : [])].find(
    (wanted) => plan[wanted] === undefined,
  )
  if (missing) throw new BadShortForm(`${name} needs ${missing}: ${exampleOf(fault, missing)}`)
  if (takesNumberAlone(fault)) return plan[bare_number ?? '']
  return words.length > 0 ? plan : true
}

function switched({ name, example, off }: Fault, [word, more]: string[]): unknown {
  if (word === undefined) return example[name]
  const sides = [example[name], off].sort((a, b) => Number(a === false) - Number(b === false))
  const side = more === undefined ? sides.find((one) => String(one) === word) : undefined
  if (side !== undefined) return side
  const takes = sides.map(String).join(', ')
  throw new BadShortForm(`${name} takes no ${JSON.stringify(more ?? word)}: it is ${takes} or off, or stands alone.`)
}

const exampleOf = ({ name, bare_number }: Fault, missing: string) =>
  missing !== bare_number ? `${name} ${missing}=…` : missing === 'times' ? `${name} x3` : `${name} 2`

function planOf(fault: Fault, words: string[]): Plan {
  const plan: Plan = {}
  for (const word of words.flatMap(apart)) {
    const [key, text] = keyed(fault, word)
    const [name = '', inner] = key.split('.')
    const parameter = parameterOf(fault, name, inner)
    if (!parameter)
      throw new BadShortForm(`${fault.name} takes no ${JSON.stringify(word)}: it takes ${takenBy(fault)}.`)
    if (inner === undefined && name in plan) throw new BadShortForm(`${fault.name} is told ${name} twice.`)
    const value = readValue(key, text, parameter)
    plan[name] = inner === undefined ? value : { ...Object(plan[name]), [inner]: value }
  }
  return plan
}

/** `down=5s/up=20s` is two words. */
const apart = (word: string) => (/^(down|up)=[^/]*\/(down|up)=/.test(word) ? word.split('/') : [word])

/** @returns the parameter, such as `match.pos_id`, and its text */
function keyed({ name: fault, bare_number, parameters: { properties } }: Fault, word: string): [string, string] {
  const [, times] = /^x(\d+)$/.exec(word) ?? []
  if (times) return ['times', times]
  const [, after] = /^\+(\d+)$/.exec(word) ?? []
  if (after) return ['after', after]
  const [, key, text] = /^([A-Za-z_.-]+)=(.*)$/s.exec(word) ?? []
  if (key === undefined || text === undefined) {
    if (/^-?\d/.test(word)) return [bare_number ?? '', word]
    throw new BadShortForm(`${fault} takes no ${JSON.stringify(word)}: xN, +N, a number or name=value.`)
  }
  const name = key.replaceAll('-', '_')
  // A fault's own parameter comes before those that every plan may have.
  return [properties[name] ? name : (SHORT[name] ?? name), unquoted(text)]
}

function unquoted(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, (quoted) => quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1'))
}

function parameterOf({ parameters: { properties } }: Fault, name: string, inner?: string): Parameter | undefined {
  const parameter = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (inner !== undefined) return parameter?.properties?.[inner]
  return parameter?.properties ? undefined : parameter
}

const takenBy = ({ parameters: { properties } }: Fault) =>
  Object.entries(properties)
    .flatMap(([name, parameter]) => (name === 'match' ? Object.keys(parameter.properties ?? {}) : [name]))
    .join(', ')

/** A fault that is named again gets another plan. */
function together(fault: Fault, before: unknown, value: unknown): unknown {
  const isOff = (one: unknown) => one === undefined || one === off(fault)
  if (isOff(before) || isOff(value)) return value
  if (isSwitch(fault) || takesNumberAlone(fault)) throw new BadShortForm(`${fault.name} is said twice.`)
  return [before, value].flat().map((plan) => (plan === true ? {} : plan))
}
