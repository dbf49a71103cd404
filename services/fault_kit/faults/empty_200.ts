import { defineFault } from '../fault.ts'
import { effectOr, stageByEffect } from '../replies.ts'

export const empty200 = defineFault({
  name: 'empty_200',
  summary: '200 with an empty body.',
  example: 2,
  stage: stageByEffect,
  operation: 'submit',
  parameters: { effect: effectOr(true) },
  begin: () => () => ({ kind: 'answer', status: 200, body: '' }),
})
