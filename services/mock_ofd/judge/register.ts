/** Documents that a cash register hands over by itself. */
import type { Check } from './check.ts'

export const sentAs: Check = {
  code: 'sent_as',
  tags: '1040, 1041',
  rule: 'A document that a cash register sends by itself has the FN and FD numbers by which it is sent.',
  judges: 'any',
  find({ register, fiscalDoc }, tell) {
    if (!register) return
    const [fn, fd] = [fiscalDoc['fn_number'], fiscalDoc['fiscal_doc_number']]
    if (fn !== undefined && fn !== register.fnNumber) tell(1041, '/fiscal_doc/fn_number', 'is not the fn_number')
    if (fd !== undefined && fd !== register.fdNumber)
      tell(1040, '/fiscal_doc/fiscal_doc_number', 'is not the fd_number')
  },
}
