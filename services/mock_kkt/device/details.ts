import { settle } from '@kkt/adapter/src/domain/payment.ts'
import { printable } from '@kkt/adapter/src/domain/printable.ts'
import type { DocDetails, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import type { TaxationSystem } from '@kkt/adapter/src/domain/taxation.ts'
import { vatSums } from '@kkt/adapter/src/domain/vat.ts'
import type { Registration } from './registration.ts'

/** The system that a receipt is of: the till's, or the first with which the KKT is registered. */
export const taxationSystemOf = (
  { taxationSystem }: ReceiptContent,
  { taxationSystems }: Registration,
): TaxationSystem => taxationSystem ?? taxationSystems[0]

/** The part of a receipt's document that the KKT says for its slip. @param instantMs the time in the document */
export function detailsOf(content: ReceiptContent, registration: Registration, instantMs: number): DocDetails {
  const { type, correction, items, cashier } = content
  const { registrationNumber, serialNumber, seller, ffdVersion, fnsUrl } = registration
  const { payments, changeKopecks } = settle(content.payments, content.totalKopecks, type)
  return {
    operation: type,
    isCorrection: correction !== undefined,
    registrationNumber,
    serialNumber,
    seller,
    address: asPrinted(content.address) ?? registration.address,
    place: asPrinted(content.place) ?? registration.place,
    taxationSystem: taxationSystemOf(content, registration),
    cashier: cashier === undefined ? null : { ...cashier, name: printable(cashier.name) },
    vatSums: vatSums(items),
    payments,
    changeKopecks,
    ffdVersion,
    fnsUrl,
    instantMs,
  }
}

const asPrinted = (text: string | undefined): string | undefined => (text === undefined ? undefined : printable(text))
