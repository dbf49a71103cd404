import { defineFault } from '../fault.ts'
import { effectOr, stageByEffect } from '../replies.ts'

const PAGE = '<!doctype html><title>Sign in</title><h1>Sign in to go on</h1>'

export const htmlWith200 = defineFault({
  name: 'html_with_200',
  summary: '200 with a page of HTML, as from a proxy or a captive portal.',
  example: 2,
  stage: stageByEffect,
  operation: 'any',
  parameters: { effect: effectOr(false) },
  begin: () => () => ({ kind: 'answer', status: 200, body: PAGE, headers: { 'content-type': 'text/html' } }),
})
