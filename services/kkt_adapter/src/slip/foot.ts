import type { ShiftDocument } from '../domain/shift.ts'
import { type Block, type Fiscalised, labelled, type Section } from './blocks.ts'

/** The customer, the settlement on the internet, and the attributes of the receipt. */
export function remarks({ content, originalSign }: Fiscalised): Section {
  const { customer = {}, senderEmail, internet, userAttribute } = content
  return [
    ...labelled('ПОКУПАТЕЛЬ', customer.name),
    ...labelled('ИНН ПОКУПАТЕЛЯ', customer.inn),
    ...labelled('ЭЛ. АДР. ПОКУПАТЕЛЯ', customer.email),
    ...labelled('ТЕЛ. ПОКУПАТЕЛЯ', customer.phone),
    ...labelled('ЭЛ. АДР. ОТПРАВИТЕЛЯ', senderEmail),
    ...(internet === true ? [{ kind: 'text' as const, text: 'РАСЧЕТ В ИНТЕРНЕТ' }] : []),
    ...labelled('ДОП. РЕКВИЗИТ ЧЕКА', content.attribute ?? originalSign ?? undefined),
    ...(userAttribute ? labelled(`${userAttribute.name}:`, userAttribute.value) : []),
  ]
}

/** The numbers by which the document is found. One that an earlier version recorded tells only its KKT's own name. */
export function document({ doc }: Fiscalised): Section {
  const kkt: Block[] = doc.details ? kktOf(doc.details) : [{ kind: 'text', text: `КАССА ${doc.kktNumber}` }]
  return [...kkt, numbersOf(doc)]
}

/** The same of a shift's document. */
export const shiftDocument = (doc: ShiftDocument): Section => [...kktOf(doc), numbersOf(doc)]

type Registered = Pick<ShiftDocument, 'fnsUrl' | 'ffdVersion' | 'registrationNumber' | 'serialNumber'>

const kktOf = ({ fnsUrl, ffdVersion, registrationNumber, serialNumber }: Registered): Block[] => [
  { kind: 'facts', facts: [`САЙТ ФНС ${fnsUrl}`, `ВЕРСИЯ ФФД ${ffdVersion}`] },
  { kind: 'facts', facts: [`РН ККТ ${registrationNumber}`, `ЗН ККТ ${serialNumber}`] },
]

type Numbered = Pick<ShiftDocument, 'fnNumber' | 'fdNumber' | 'fiscalSign'>

const numbersOf = ({ fnNumber, fdNumber, fiscalSign }: Numbered): Block => ({
  kind: 'facts',
  facts: [`ФН ${fnNumber}`, `ФД ${fdNumber}`, `ФП ${fiscalSign}`],
})
