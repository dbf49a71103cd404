import type { OfdCall } from './ofd.ts'

/** A call that hears nothing of its answer. */
export const sampleCall = (method: 'GET' | 'POST', receiptId: string, from = 'A'): OfdCall => ({
  from,
  method,
  receiptId,
  token: 1,
  key: receiptId,
  body: '',
  answer: () => undefined,
  fail: () => undefined,
  onCutOff: () => undefined,
})
