import { defineFault } from '../fault.ts'
import { effectOr, stageByEffect } from '../replies.ts'

export const malformedJson = defineFault({
  name: 'malformed_json',
  summary: '200 with JSON that is cut off.',
  example: 2,
  stage: stageByEffect,
  operation: 'submit',
  parameters: { effect: effectOr(true) },
  begin: () => () => ({ kind: 'answer', status: 200, body: '{"status":"accepted","timestamp":' }),
})
