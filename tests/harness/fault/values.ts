/** Reads and writes the values of a fault's parameters in the short form. */
import type { Fault } from '../mock_wire.ts'

/** A parameter of a fault, or one nested in it. */
export type Parameter = Pick<Fault['parameters']['properties'][string], 'type' | 'description' | 'enum'>

/** Says what is wrong with a short form, and what is taken instead. */
export class BadShortForm extends Error {
  override readonly name = 'BadShortForm'
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60 }
const NUMBER = /^(-?\d+(?:\.\d+)?)(ms|s|m|%)?$/

export const isSeconds = ({ description = '' }: Parameter): boolean => description.endsWith('in seconds')

const isNumber = ({ type }: Parameter) => type === 'number' || type === 'integer'

/** @throws BadShortForm naming the parameter, what it got and what it takes */
export function readValue(name: string, text: string, parameter: Parameter): unknown {
  const { type, enum: choices } = parameter
  if (isNumber(parameter)) return readNumber(name, text, parameter)
  if (type === 'boolean') return readChoice(name, text, ['true', 'false']) === 'true'
  return choices ? readChoice(name, text, choices) : text
}

function readNumber(name: string, text: string, parameter: Parameter): number {
  const [, digits, unit] = NUMBER.exec(text) ?? []
  const isMeant = unit === undefined || (unit === '%' ? name === 'probability' : isSeconds(parameter))
  if (digits === undefined || !isMeant) {
    const takes = isSeconds(parameter) ? 'seconds, as in 0.5, 0.5s, 500ms or 2m' : 'a number'
    throw new BadShortForm(`${name} is ${JSON.stringify(text)}: it takes ${takes}.`)
  }
  if (unit === '%') return Number(digits) / 100
  return unit === 'ms' ? Number(digits) / 1000 : Number(digits) * (SECONDS[unit ?? 's'] ?? 1)
}

function readChoice(name: string, text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text
  throw new BadShortForm(`${name} is ${JSON.stringify(text)}: it takes ${choices.join(' or ')}.`)
}

/** Text that `readValue` reads as this value. */
export function writtenValue(value: unknown, parameter?: Parameter): string {
  if (typeof value === 'number') return `${Number(value.toFixed(3))}${parameter && isSeconds(parameter) ? 's' : ''}`
  const text = String(value)
  return /^[^\s,;"\\]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
