import { defineFault } from '../fault.ts'

export const judge = defineFault({
  name: 'judge',
  summary:
    'If `strict`, a receipt in which the judge finds something wrong gets 422 with the tags, and is not taken; otherwise (`report`) it is taken, and what is wrong is told.',
  example: 'strict',
  stage: 'before_effect',
  operation: 'submit',
  takes: 'switch',
  switchedOnBy: 'strict',
  switchedOffBy: 'report',
  parameters: {},
  begin:
    () =>
    ({ findings }) => {
      const refusable = findings()
      const [first] = refusable
      if (!first) return undefined
      const { tag, pointer, message } = first
      const error = `Tag ${tag ?? 'none'}: ${pointer} ${message}`
      return { kind: 'answer', status: 422, body: { error, findings: refusable } }
    },
})
