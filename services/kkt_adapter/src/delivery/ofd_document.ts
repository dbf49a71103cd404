import type { FiscalisedReceipt } from '../domain/receipt.ts'
import { wireContent, wireFiscalDoc } from '../domain/wire_forms.ts'

/** The body that the OFD gets for a receipt. */
export const ofdDocument = ({ id, content, fiscalDoc }: FiscalisedReceipt, kktId: string) => ({
  receipt_id: id,
  pos_id: content.posId,
  kkt_id: kktId,
  ...wireContent(content),
  fiscal_doc: wireFiscalDoc(fiscalDoc),
})
