/** The documents of the FN, as tags. */
import { expect, test } from 'bun:test'
import { OPERATOR, POSITION, SALE, setUp } from './testing/tasks.ts'
import { signInHex } from './tlv.ts'

const get = (fiscalDocumentNumber: number) => ({ type: 'getFnDocument', fiscalDocumentNumber, withRawData: false })

/** The tags of every document. */
const numbersOf = ({ register }: ReturnType<typeof setUp>) => ({
  1012: expect.stringMatching(/\+03:00$/),
  1013: register.registration.serialNumber,
  1018: '7700000009',
  1037: register.registration.registrationNumber,
  1041: register.state().fnNumber,
  1048: 'ООО "ТЕСТ"',
  1060: 'www.nalog.gov.ru',
  1077: expect.stringMatching(/^[0-9A-F]{12}$/),
  1209: 4,
})

test('a receipt', () => {
  const device = setUp()
  const { run, result } = device
  run({
    ...SALE,
    items: [
      { ...POSITION, price: 100, quantity: 1.5, amount: 150, tax: { type: 'vat10' }, measurementUnit: 'kilogram' },
      { ...POSITION, price: 0.5, amount: 0.5, tax: { type: 'none' } },
      { type: 'userAttribute', name: 'Заказ', value: '17' },
      { type: 'additionalAttribute', value: '1494325660' },
    ],
    payments: [
      { type: 'cash', sum: 200 },
      { type: 'electronically', sum: 0.5 },
    ],
    total: 150.5,
    internet: true,
    clientInfo: { emailOrPhone: '+79991234567', name: 'ООО Покупатель', vatin: '3664069397' },
  })
  expect(result(get(3))).toEqual({
    fiscalDocumentType: 'receipt',
    short: false,
    qr: expect.stringMatching(/^t=\d{8}T\d{4}/),
    documentTLV: {
      ...numbersOf(device),
      1008: '+79991234567',
      1009: 'г. Москва, ул. Тестовая, д. 1',
      1020: 150.5,
      1021: 'Иванова А. А.',
      1031: 150,
      1038: 1,
      1040: 3,
      1042: 1,
      1054: 1,
      1055: 1,
      1059: [
        { 1023: 1.5, 1030: 'Очки', 1043: 150, 1079: 100, 1199: 2, 1200: 13.64, 1212: 1, 1214: 4, 2108: 11 },
        { 1023: 1, 1030: 'Очки', 1043: 0.5, 1079: 0.5, 1199: 6, 1212: 1, 1214: 4, 2108: 0 },
      ],
      1081: 0.5,
      1084: { 1085: 'Заказ', 1086: '17' },
      1103: 13.64,
      1105: 0.5,
      1125: 1,
      1187: 'Тестовый магазин',
      1192: '1494325660',
      1196: expect.any(String),
      1203: '123654789507',
      1215: 0,
      1216: 0,
      1217: 0,
      1256: { 1227: 'ООО Покупатель', 1228: '3664069397' },
    },
  })
})

test('an item with an agent, a supplier, a sector and a marking code', () => {
  const { run, result } = setUp()
  const agentInfo = {
    agents: ['bankPayingAgent'],
    payingAgent: { operation: 'Перевод', phones: ['+71234567890'] },
    moneyTransferOperator: { phones: ['+7'], name: 'Банк', address: 'Москва', vatin: '3664069397' },
  }
  const item = {
    ...POSITION,
    agentInfo,
    supplierInfo: { phones: ['+74957654321'], name: 'Поставщик', vatin: '7700000009' },
    industryInfo: [{ fois: '030', date: '2023.11.21', number: '1944', industryAttribute: 'UUID=1' }],
    imcParams: { imc: 'MDEwNDYwMTIzNDU2Nzg5', imcType: 'auto' },
  }
  run({ ...SALE, items: [item] })
  expect(result(get(3))).toMatchObject({
    documentTLV: {
      1059: [
        {
          1222: 1,
          1223: {
            1005: 'Москва',
            1016: '3664069397',
            1026: 'Банк',
            1044: 'Перевод',
            1073: ['+71234567890'],
            1075: ['+7'],
          },
          1224: { 1171: ['+74957654321'], 1225: 'Поставщик' },
          1226: '7700000009',
          1260: [{ 1262: '030', 1263: '2023-11-21', 1264: '1944', 1265: 'UUID=1' }],
          2000: 'MDEwNDYwMTIzNDU2Nzg5',
          2003: 1,
        },
      ],
    },
  })
})

test('a correction', () => {
  const { run, result } = setUp()
  const reason = { correctionType: 'instruction', correctionBaseDate: '2026.01.02', correctionBaseNumber: 'МОС-1' }
  run({ ...SALE, ...reason, type: 'sellReturnCorrection' })
  expect(result(get(3))).toMatchObject({
    fiscalDocumentType: 'receiptCorrection',
    documentTLV: { 1054: 2, 1173: 1, 1174: { 1178: '2026-01-02', 1179: 'МОС-1' } },
  })
})

test('the registration, an opening, a closing and a report', () => {
  const device = setUp({ taxationSystems: ['osn', 'usn_income', 'patent'] })
  const { run, result } = device
  run(SALE)
  run({ type: 'closeShift', operator: OPERATOR })
  run({ type: 'reportOfdExchangeStatus', operator: OPERATOR })
  expect(result(get(1))).toMatchObject({
    fiscalDocumentType: 'registration',
    short: false,
    documentTLV: { ...numbersOf(device), 1040: 1, 1062: 1 + 2 + 32 },
  })
  expect(result(get(2))).toMatchObject({
    fiscalDocumentType: 'openShift',
    documentTLV: { 1021: 'Иванова А. А.', 1038: 1, 1040: 2, 1050: false },
  })
  expect(result(get(4))).toMatchObject({
    fiscalDocumentType: 'closeShift',
    documentTLV: {
      1097: 3,
      1098: '2026-01-31T15:00:00+03:00',
      1111: 3,
      1116: 1,
      1118: 1,
      1194: { 1129: { 1135: 1, 1138: 1250, 1201: 1250 } },
    },
  })
  expect(result(get(5))).toMatchObject({
    fiscalDocumentType: 'ofdExchangeStatus',
    documentTLV: { 1021: 'Иванова А. А.', 1040: 5, 1097: 5 },
  })
  expect(result(get(5))).not.toHaveProperty('qr')
})

test('a sign that is short keeps its place', () => {
  expect(signInHex('24109209')).toBe('3104016FE099')
  expect(signInHex('4294967295')).toBe('3104FFFFFFFF')
})
