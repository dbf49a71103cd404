import { defineFault } from '../fault.ts'

export const wrongContentType = defineFault({
  name: 'wrong_content_type',
  summary: 'It is taken, and the right answer comes as `text/plain`.',
  example: 2,
  stage: 'after_effect',
  operation: 'any',
  parameters: {},
  begin:
    () =>
    ({ reply: { status, body } }) => ({
      kind: 'answer',
      status,
      body: JSON.stringify(body),
      headers: { 'content-type': 'text/plain' },
    }),
})
