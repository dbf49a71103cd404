import type { Call } from './wire.ts'

/** A call that the mock took and answered. */
export const call = (number: number, change: Partial<Call> = {}): Call => ({
  number,
  time: '2026-11-29T12:00:00.000Z',
  operation: 'submit',
  receipt_id: null,
  pos_id: 'POS-001',
  kkt_id: null,
  attempt: 1,
  fault: null,
  effect: true,
  reply_sent: true,
  status: 200,
  under_way: false,
  findings: [],
  ...change,
})
