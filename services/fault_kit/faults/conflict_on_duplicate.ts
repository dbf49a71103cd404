import { defineFault } from '../fault.ts'

export const conflictOnDuplicate = defineFault({
  name: 'conflict_on_duplicate',
  summary: 'A receipt that is known already is answered with 409.',
  example: true,
  stage: 'before_effect',
  operation: 'submit',
  parameters: {},
  begin:
    () =>
    ({ isKnown }) =>
      isKnown() ? { kind: 'answer', status: 409, body: { error: 'Receipt is there already' } } : undefined,
})
