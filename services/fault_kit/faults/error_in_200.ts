import { defineFault } from '../fault.ts'
import { effectOr, stageByEffect } from '../replies.ts'

export const errorIn200 = defineFault({
  name: 'error_in_200',
  summary: '200 with an error object as its body.',
  example: 2,
  stage: stageByEffect,
  operation: 'submit',
  parameters: { effect: effectOr(false) },
  begin: () => () => ({
    kind: 'answer',
    status: 200,
    body: { error: { code: 'INTERNAL', message: 'Try again later' } },
  }),
})
