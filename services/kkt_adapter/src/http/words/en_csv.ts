import type { PaymentType } from '../../domain/payment.ts'
import type { Vat } from '../../domain/vat.ts'

/** The header of the day's CSV file: its columns, in the order of a line. */
export const csv = {
  before: [
    'FD',
    'FN',
    'FPD',
    'Shift',
    'Number in the shift',
    'Time',
    'Till',
    'Operation',
    'Correction: kind',
    'Correction: day of the settlement',
    'Correction: number of the order',
    'Corrects FPD',
    'Corrects receipt_id',
    'Corrected by',
    'Refund of FPD',
    'Refund of receipt_id',
    'Cashier',
    'Taxation system',
    'Total',
  ],
  vats: {
    none: 'Turnover without VAT',
    vat0: 'Turnover, VAT 0%',
    vat5: 'VAT 5%',
    vat7: 'VAT 7%',
    vat10: 'VAT 10%',
    vat20: 'VAT 20%',
    vat22: 'VAT 22%',
    vat105: 'VAT 5/105',
    vat107: 'VAT 7/107',
    vat110: 'VAT 10/110',
    vat120: 'VAT 20/120',
    vat122: 'VAT 22/122',
  } satisfies Record<Vat, string>,
  payments: {
    cash: 'Cash',
    card: 'Card',
    prepaid: 'Prepaid',
    credit: 'Credit',
    other: 'Other',
  } satisfies Record<PaymentType, string>,
  behind: ['Change', 'Status', 'receipt_id'],
}
