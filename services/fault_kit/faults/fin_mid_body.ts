import { defineFault } from '../fault.ts'

export const finMidBody = defineFault({
  name: 'fin_mid_body',
  summary:
    'The document is taken, and the connection ends with FIN in the middle of an answer whose length was announced.',
  example: 1,
  stage: 'after_effect',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'cut', by: 'fin' }),
})
