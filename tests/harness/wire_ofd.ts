/** The mock OFD's answers about cash registers that hand over their documents by themselves. */
import { z } from 'zod'
import { finding } from './wire.ts'
import { documentContent } from './wire_content.ts'
import { fiscalDoc } from './wire_document.ts'

/** The documents that a cash register has sent by itself, named by their FN and FD numbers. */
export const ofdDocuments = z.object({
  documents: z.array(
    z.object({
      ofd_id: z.string(),
      receipt_id: z.string().regex(/^\d{16}\/\d+$/),
      kkt_id: z.string(),
      fn_number: z.string(),
      fiscal_doc_number: z.int(),
      times_sent: z.int().min(1),
      findings: z.array(finding),
      document: z.strictObject({
        fn_number: z.string(),
        fd_number: z.int(),
        kind: z.literal('receipt'),
        kkt_id: z.string(),
        ...documentContent.shape,
        fiscal_doc: fiscalDoc,
      }),
    }),
  ),
})
