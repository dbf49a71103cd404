/** A fiscal document of the sample receipt, as tills and the OFD get it. */
export const FISCAL_DOC = {
  fiscal_doc_number: 3,
  fiscal_sign: '3599235197',
  fiscal_datetime: '2026-11-22T16:43:00+03:00',
  fn_number: '9999322233119332',
  kkt_number: 'KKT-001',
  shift_number: 1,
  receipt_number: 1,
  total: 1549.8,
  qr_code_data: 't=20261122T1643&s=1549.80&fn=9999322233119332&i=3&fp=3599235197&n=1',
}
