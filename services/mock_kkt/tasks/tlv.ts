/** A document of the FN as its tags and their values. Money in roubles, quantities in units, times in ISO 8601. */
import { AGENT_BITS, type Agent, type Supplier } from '@kkt/adapter/src/domain/agent.ts'
import { CORRECTION_TAGS } from '@kkt/adapter/src/domain/correction.ts'
import type { Cashier, Customer } from '@kkt/adapter/src/domain/customer.ts'
import { type Item, MEASURE_TAGS, PAYMENT_METHOD_TAGS, PAYMENT_OBJECT_TAGS } from '@kkt/adapter/src/domain/item.ts'
import { MARKING_STATUS_TAGS, plannedStatus } from '@kkt/adapter/src/domain/marking.ts'
import { toRoubles, toUnits } from '@kkt/adapter/src/domain/money.ts'
import { OPERATION_TAGS, type Operation } from '@kkt/adapter/src/domain/operation.ts'
import { PAYMENT_TAGS, PAYMENT_TYPES, settle } from '@kkt/adapter/src/domain/payment.ts'
import type { FiscalDoc, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { said } from '@kkt/adapter/src/domain/said.ts'
import { FN_FLAG_NAMES, FN_FLAGS, type FnFlag, type ShiftDocument, type Unsent } from '@kkt/adapter/src/domain/shift.ts'
import { TAXATION_BITS } from '@kkt/adapter/src/domain/taxation.ts'
import { rateOf, taxOf, type Vat, vatSums } from '@kkt/adapter/src/domain/vat.ts'
import type { Registration } from '../device/registration.ts'
import type { ArchivedDocument, RegisterState } from '../register.ts'
import { inZone } from './local_time.ts'
import { countersTlv } from './tlv_counters.ts'

export type Tlv = Record<string, unknown>

/** 1209: version 1.2 of the format. */
const FFD_1_2 = 4

/** The kind of a sign, the first two bytes of 1077. The sign's own four follow. */
const SIGN_KIND = '3104'
export const signInHex = (sign: string): string => SIGN_KIND + Number(sign).toString(16).toUpperCase().padStart(8, '0')

/** The tags of a receipt's sums by rate. Those of the rates since 2025 are not known for certain, so they are left out. */
const VAT_SUM_TAGS: Partial<Record<Vat, number>> = {
  vat20: 1102,
  vat10: 1103,
  vat0: 1104,
  none: 1105,
  vat120: 1106,
  vat110: 1107,
}

export function documentTlv(archived: ArchivedDocument, registration: Registration, state: RegisterState): Tlv {
  const numbers = numbersTlv(archived.doc, registration)
  switch (archived.kind) {
    case 'receipt':
      return { ...numbers, ...receiptTlv(archived.doc, archived.content, registration) }
    case 'shift_opening':
    case 'shift_closing': {
      const { doc } = archived
      return { ...numbers, ...cashierTlv(doc.cashier), ...fnTlv(doc, state), ...closingTlv(doc) }
    }
    case 'registration':
      return { ...numbers, 1062: systemsMask(registration) }
    case 'ofd_report':
      return { ...numbers, ...cashierTlv(archived.doc.cashier), ...fnTlv(state, state) }
  }
}

/** The part that documents of all kinds have. */
const numbersTlv = (doc: ArchivedDocument['doc'], registration: Registration): Tlv => ({
  1009: registration.address,
  1012: doc.fiscalDatetime,
  1013: registration.serialNumber,
  1018: registration.seller.inn,
  1037: registration.registrationNumber,
  1038: doc.shiftNumber,
  1040: doc.fdNumber,
  1041: doc.fnNumber,
  1048: registration.seller.name,
  1060: registration.fnsUrl,
  1077: signInHex(doc.fiscalSign),
  1187: registration.place,
  1209: FFD_1_2,
})

const systemsMask = ({ taxationSystems }: Registration): number =>
  taxationSystems.reduce((mask, system) => mask | TAXATION_BITS[system], 0)

const cashierTlv = (cashier: Cashier | null | undefined): Tlv => said({ 1021: cashier?.name, 1203: cashier?.inn })

/** The FN's warnings, and its documents that the OFD has not confirmed. */
function fnTlv({ fnFlags, unsent }: { fnFlags: FnFlag[]; unsent: Unsent }, state: RegisterState): Tlv {
  const flags: Tlv = { 1097: unsent.count }
  if (unsent.firstFd !== null) flags['1116'] = unsent.firstFd
  if (unsent.sinceMs !== null) flags['1098'] = inZone(unsent.sinceMs, state)
  for (const flag of FN_FLAG_NAMES) flags[FN_FLAGS[flag]] = fnFlags.includes(flag)
  return flags
}

const closingTlv = (doc: ShiftDocument): Tlv =>
  doc.kind === 'shift_closing' ? { 1111: doc.documentCount, 1118: doc.receiptCount, 1194: countersTlv(doc.totals) } : {}

function receiptTlv(doc: FiscalDoc, content: ReceiptContent, registration: Registration): Tlv {
  const { type, customer, correction, userAttribute } = content
  const { payments } = settle(content.payments, doc.totalKopecks, type)
  const sums: Tlv = { 1020: toRoubles(doc.totalKopecks) }
  for (const way of PAYMENT_TYPES) {
    const paid = payments.find((one) => one.type === way)
    sums[PAYMENT_TAGS[way]] = toRoubles(paid?.amountKopecks ?? 0)
  }
  for (const { vat, sumKopecks } of vatSums(content.items)) {
    const tag = VAT_SUM_TAGS[vat]
    if (tag !== undefined) sums[tag] = toRoubles(sumKopecks)
  }
  return said({
    ...sums,
    1008: customer?.email ?? customer?.phone,
    1009: content.address ?? registration.address,
    1042: doc.receiptNumber,
    1054: OPERATION_TAGS[type],
    1055: TAXATION_BITS[content.taxationSystem ?? registration.taxationSystems[0]],
    1059: content.items.map((item) => itemTlv(item, type)),
    1084: userAttribute && { 1085: userAttribute.name, 1086: userAttribute.value },
    1117: content.senderEmail,
    1125: content.internet === true ? 1 : undefined,
    1173: correction && CORRECTION_TAGS[correction.type],
    1174: correction && said({ 1178: correction.date, 1179: correction.number }),
    1187: content.place ?? registration.place,
    1192: content.attribute,
    1196: doc.qrCodeData,
    1256: companyTlv(customer),
    ...cashierTlv(content.cashier),
  })
}

const companyTlv = (customer: Customer | undefined): Tlv | undefined =>
  customer?.name === undefined && customer?.inn === undefined
    ? undefined
    : said({ 1227: customer.name, 1228: customer.inn })

function itemTlv(item: Item, operation: Operation): Tlv {
  const { vat, totalKopecks, agent, supplier } = item
  const rate = rateOf(vat)
  const hasTax = rate.kind !== 'none' && rate.percent > 0
  return said({
    1023: toUnits(item.quantityMicro),
    1030: item.name,
    1043: toRoubles(totalKopecks),
    1079: toRoubles(item.priceKopecks),
    1191: item.attribute,
    1199: rate.tag,
    1200: hasTax ? toRoubles(taxOf(totalKopecks, vat)) : undefined,
    1212: PAYMENT_OBJECT_TAGS[item.paymentObject ?? 'commodity'],
    1214: PAYMENT_METHOD_TAGS[item.paymentMethod ?? 'full_payment'],
    1222: agent && AGENT_BITS[agent.type],
    1223: agent && agentTlv(agent),
    1224: supplierTlv(supplier),
    1226: supplier?.inn,
    1229: item.exciseKopecks === undefined ? undefined : toRoubles(item.exciseKopecks),
    1230: item.country,
    1231: item.declaration,
    1260: item.sector?.map(({ body, date, number, value }) => ({ 1262: body, 1263: date, 1264: number, 1265: value })),
    1291: item.fraction,
    2000: item.markingCode,
    2003: item.markingCode === undefined ? undefined : MARKING_STATUS_TAGS[plannedStatus(item, operation)],
    2108: MEASURE_TAGS[item.measure ?? 'piece'],
  })
}

function agentTlv(agent: Agent): Tlv | undefined {
  switch (agent.type) {
    case 'bank_paying_agent':
    case 'bank_paying_subagent': {
      const { phones, operation, transferOperator } = agent
      return said({
        1005: transferOperator?.address,
        1016: transferOperator?.inn,
        1026: transferOperator?.name,
        1044: operation,
        1073: phones,
        1075: transferOperator?.phones,
      })
    }
    case 'paying_agent':
    case 'paying_subagent':
      return said({ 1044: agent.operation, 1073: agent.phones, 1074: agent.receiverPhones })
    default:
      return undefined
  }
}

const supplierTlv = (supplier: Supplier | undefined): Tlv | undefined =>
  supplier && said({ 1171: supplier.phones, 1225: supplier.name })
