import type { z } from 'zod'

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const FORMATS: Record<string, string> = {
  uuid: 'a UUID',
  guid: 'a UUID',
  datetime: 'a date and time as 2026-01-31T12:00:00Z',
}

/**
 * What is wrong with a part of the input, for schemas that do not say it themselves, as the rest of a sentence which
 * begins with the part's name: `must be a number`. Says what is wanted and never what came, which is the sender's.
 * @returns undefined where zod's own words have to do
 */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'must be given'
  switch (issue.code) {
    case 'invalid_type':
      // As JSON.parse reads 1e400.
      if (typeof issue.input === 'number' && Math.abs(issue.input) === Infinity) return 'must be a finite number'
      return `must be ${KINDS[issue.expected] ?? `of the type ${issue.expected}`}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? `of the form ${issue.pattern ?? issue.format}`}`
    case 'too_small':
      return `must ${measured(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}`
    case 'too_big':
      return `must ${measured(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}`
    default:
      return undefined
  }
}

function measured(origin: string, than: string, bound: number | bigint): string {
  if (origin === 'string') return `be ${than} ${bound} ${bound === 1 ? 'character' : 'characters'} long`
  return origin === 'array' ? `have ${than} ${bound} ${bound === 1 ? 'entry' : 'entries'}` : `be ${than} ${bound}`
}
