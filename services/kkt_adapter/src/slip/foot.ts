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
  const { details } = doc
  const kkt: Block[] = details
    ? [
        { kind: 'facts', facts: [`САЙТ ФНС ${details.fnsUrl}`, `ВЕРСИЯ ФФД ${details.ffdVersion}`] },
        { kind: 'facts', facts: [`РН ККТ ${details.registrationNumber}`, `ЗН ККТ ${details.serialNumber}`] },
      ]
    : [{ kind: 'text', text: `КАССА ${doc.kktNumber}` }]
  return [...kkt, { kind: 'facts', facts: [`ФН ${doc.fnNumber}`, `ФД ${doc.fdNumber}`, `ФП ${doc.fiscalSign}`] }]
}
