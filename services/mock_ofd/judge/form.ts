import { readInWords } from '@kkt/platform/wording.ts'
import { formOf } from '../receipt_form.ts'
import type { CheckWords, Tell } from './check.ts'
import type { Judged } from './document.ts'

const OF_A_FIRM = { name: 1227, inn: 1228 } as const
const OF_A_CASHIER = { '': 1021, name: 1021, inn: 1203 } as const
const OF_A_SETTLEMENT = { taxation_system: 1055, place: 1187, address: 1009 } as const

/** Puts the names of a part's fields behind that of the part. */
const within = (part: string, tags: Readonly<Record<string, number>>) =>
  Object.entries(tags).map(([name, tag]) => [name === '' ? part : `${part}.${name}`, tag] as const)

/** The tags of the fields, by their places without the numbers in lists. A field that is not here has its parent's tag. */
export const FIELD_TAGS: ReadonlyMap<string, number> = new Map([
  ...within('items', {
    '': 1059,
    name: 1030,
    price: 1079,
    quantity: 1023,
    total: 1043,
    vat: 1199,
    vat_rate: 1199,
    payment_method: 1214,
    payment_object: 1212,
    measure: 2108,
    marking_code: 2000,
    marking_status: 2003,
    fraction: 1291,
    agent: 1222,
    'agent.phones': 1073,
    'agent.operation': 1044,
    'agent.receiver_phones': 1074,
    'agent.transfer_operator': 1026,
    'agent.transfer_operator.phones': 1075,
    'agent.transfer_operator.address': 1005,
    'agent.transfer_operator.inn': 1016,
    supplier: 1224,
    'supplier.phones': 1171,
    'supplier.name': 1225,
    'supplier.inn': 1226,
    excise: 1229,
    country: 1230,
    declaration: 1231,
    attribute: 1191,
    sector: 1260,
    'sector.body': 1262,
    'sector.date': 1263,
    'sector.number': 1264,
    'sector.value': 1265,
  }),
  ...within('customer', { '': 1256, email: 1008, phone: 1008, ...OF_A_FIRM }),
  ...within('cashier', OF_A_CASHIER),
  ...within('correction', { '': 1174, type: 1173, date: 1178, number: 1179 }),
  ...within('user_attribute', { '': 1084, name: 1085, value: 1086 }),
  ...Object.entries(OF_A_SETTLEMENT),
  ...Object.entries({
    fn_number: 1041,
    fd_number: 1040,
    type: 1054,
    total: 1020,
    corrects: 1192,
    refund_of: 1192,
    attribute: 1192,
    internet: 1125,
    sender_email: 1117,
  }),
  ...within('fiscal_doc', {
    fiscal_doc_number: 1040,
    fiscal_sign: 1077,
    fiscal_datetime: 1012,
    fiscal_instant: 1012,
    fn_number: 1041,
    shift_number: 1038,
    receipt_number: 1042,
    total: 1020,
    qr_code_data: 1196,
    operation: 1054,
    registration_number: 1037,
    serial_number: 1013,
    seller: 1048,
    'seller.inn': 1018,
    ffd_version: 1209,
    fns_url: 1060,
    ...OF_A_SETTLEMENT,
  }),
  ...within('fiscal_doc.cashier', OF_A_CASHIER),
])

export const FORM: CheckWords = {
  code: 'form',
  tags: 'of the field',
  rule: 'Each field is of its form, as [the OpenAPI document](openapi.json) has it: lengths, numbers, the digits of an INN, rates of VAT that exist. Unknown fields are fine.',
  judges: 'any',
}

/** Tells each field that is not of its form. */
export function judgeForm({ content, register }: Judged, tell: Tell): void {
  const result = readInWords(formOf(register), content)
  if (result.success) return
  for (const { path, message } of result.issues) {
    tell(tagOf(path), path.map((part) => `/${String(part)}`).join(''), message)
  }
}

function tagOf(path: readonly PropertyKey[]): number | null {
  const names = path.filter((part) => typeof part === 'string')
  for (let length = names.length; length > 0; length -= 1) {
    const tag = FIELD_TAGS.get(names.slice(0, length).join('.'))
    if (tag !== undefined) return tag
  }
  return null
}
