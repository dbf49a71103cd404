import { defineFault } from '../fault.ts'
import { effectOr, stageByEffect } from '../replies.ts'

export const wrongSchema = defineFault({
  name: 'wrong_schema',
  summary: '200 with JSON of another shape.',
  example: 2,
  stage: stageByEffect,
  operation: 'submit',
  parameters: { effect: effectOr(true) },
  begin: () => () => ({ kind: 'answer', status: 200, body: { result: { state: 'OK' } } }),
})
