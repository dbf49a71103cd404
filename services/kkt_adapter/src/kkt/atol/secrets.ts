import { Buffer } from 'node:buffer'
import type { ReceiptContent } from '../../domain/receipt.ts'
import { type Secrets, secretsAmong } from '../../domain/secrets.ts'

/** A driver may repeat any text of the receipt that it was sent. A marking code was sent in base64. */
export function secretsOf({ customer, items, attribute, userAttribute }: ReceiptContent): Secrets {
  const ofItems = items.flatMap(({ name, attribute: own, markingCode }) => [name, own, markingCode, plain(markingCode)])
  const values = [...Object.values(customer ?? {}), attribute, userAttribute?.value, ...ofItems]
  return secretsAmong(values.filter((value) => value !== undefined))
}

const plain = (base64: string | undefined): string | undefined =>
  base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString()
