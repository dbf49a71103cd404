/** The answers of one route, by status. */
import { Problem } from '../problem.ts'
import type { AnswerEntry, JsonSchema, ProblemEntry } from './book.ts'
import { jsonSchemaOf, type Named } from './json_schema.ts'

const PROBLEM_TYPE = 'application/problem+json'

/** The schema by which a route checks its answer; undefined without one. */
export type Answer = JsonSchema | undefined

type Given = {
  answers: Readonly<Record<number, AnswerEntry>>
  checked: ReadonlyMap<string, Answer>
  codes: readonly string[]
  problems: Readonly<Record<string, ProblemEntry>>
  named: Named
}

/** @throws Error for an answer without a schema, and for a code that the book does not have */
export function answersOf({ answers, checked, codes, problems, named }: Given) {
  const byStatus = new Map<number, [string, ProblemEntry][]>()
  for (const code of new Set(codes)) {
    const entry = problems[code]
    if (!entry) throw new Error(`the book has no problem ${code}`)
    byStatus.set(entry.status, [...(byStatus.get(entry.status) ?? []), [code, entry]])
  }
  const statuses = [...new Set([...Object.keys(answers).map(Number), ...byStatus.keys()])].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => {
      const answer = answers[status]
      const refused = byStatus.get(status) ?? []
      const headers = { ...headersOf(answer), ...retryHeader(refused) }
      const content = {
        ...(answer && answerContent(answer, checked.get(String(status)), named)),
        ...(refused.length > 0 && { [PROBLEM_TYPE]: problemContent(status, refused) }),
      }
      const description = [answer?.description, ...refused.map(([code, { meaning }]) => `\`${code}\`: ${meaning}`)]
      const said = { description: description.filter((one) => one !== undefined).join('\n') }
      return [status, { ...said, ...(Object.keys(headers).length > 0 && { headers }), content }] as const
    }),
  )
}

function answerContent(answer: AnswerEntry, checked: Answer, named: Named) {
  const { schema, mediaType = 'application/json', example, otherTypes = {} } = answer
  const by = schema ?? checked
  if (by === undefined) throw new Error('an answer has no schema: neither its route nor its entry has one')
  const shown = jsonSchemaOf(by, named)
  const examples = Object.entries({ [mediaType]: example, ...otherTypes })
  return Object.fromEntries(examples.map(([type, value]) => [type, { schema: shown, example: value }]))
}

const headersOf = (answer: AnswerEntry | undefined) =>
  Object.fromEntries(
    Object.entries(answer?.headers ?? {}).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  )

function retryHeader(refused: readonly [string, ProblemEntry][]) {
  const seconds = refused.flatMap(([, { retryAfterSeconds }]) => retryAfterSeconds ?? [])
  if (seconds.length === 0) return {}
  return {
    'Retry-After': {
      description: 'Send the request again after so many seconds.',
      schema: { type: 'integer', minimum: 0 },
      example: Math.max(...seconds),
    },
  }
}

function problemContent(status: number, refused: readonly [string, ProblemEntry][]) {
  const examples = refused.map(
    ([code, { meaning }]) => [code, { value: new Problem(status, code, meaning).toDocument() }] as const,
  )
  return {
    schema: {
      allOf: [{ $ref: '#/components/schemas/Problem' }],
      properties: { status: { const: status }, code: { enum: refused.map(([code]) => code) } },
    },
    examples: Object.fromEntries(examples),
  }
}
