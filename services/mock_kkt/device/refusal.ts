import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import type { TaxationSystem } from '@kkt/adapter/src/domain/taxation.ts'
import { taxationSystemOf } from './details.ts'
import { documentBytes, MAX_DOCUMENT_BYTES, SURELY_SMALL_CHARACTERS } from './document_size.ts'
import type { Registration } from './registration.ts'

export type Refusal =
  | { kind: 'taxation_not_registered'; system: TaxationSystem }
  | { kind: 'document_too_large'; bytes: number }

/**
 * The reason for which this KKT makes no document of such a receipt; null without one.
 * @param text the content as it is kept
 */
export function refusalOf(content: ReceiptContent, text: string, registration: Registration): Refusal | null {
  const system = taxationSystemOf(content, registration)
  if (!registration.taxationSystems.includes(system)) return { kind: 'taxation_not_registered', system }
  if (text.length <= SURELY_SMALL_CHARACTERS) return null
  const bytes = documentBytes(content, registration)
  return bytes > MAX_DOCUMENT_BYTES ? { kind: 'document_too_large', bytes } : null
}
