import { defineFault } from '../fault.ts'

export const wrongContentType = defineFault({
  name: 'wrong_content_type',
  summary: 'The document is taken, and the right answer is sent as `text/plain`.',
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
