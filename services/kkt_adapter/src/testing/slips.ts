/** Receipts with the document of the slip that the tests write out by hand. */

import { detailsOf } from '@kkt/mock-kkt/device/details.ts'
import type { Registration } from '@kkt/mock-kkt/device/registration.ts'
import { formatRoubles } from '../domain/money.ts'
import { OPERATION_TAGS } from '../domain/operation.ts'
import type { FiscalDoc } from '../domain/receipt.ts'
import { receiptBody } from '../http/receipt_schema.ts'
import type { Fiscalised } from '../slip/blocks.ts'
import { body } from './app_kit.ts'

const REGISTRATION: Registration = {
  registrationNumber: '0000000001002292',
  serialNumber: '00106900000001',
  seller: { name: 'ООО "ОПТИКА"', inn: '7701234567' },
  address: 'г. Москва, ул. Лесная, д. 1',
  place: 'Магазин № 3',
  fnsUrl: 'www.nalog.gov.ru',
  taxationSystems: ['osn', 'usn_income'],
  ffdVersion: '1.2',
}

const AT = '2026-11-22T16:43:00+03:00'

/** @param sold the parts of a till's receipt */
export function fiscalised(sold: Record<string, unknown>, changes: Partial<FiscalDoc> = {}): Fiscalised {
  const content = receiptBody.parse(body(sold))
  const { totalKopecks, type } = content
  return {
    content,
    doc: {
      fdNumber: 71,
      fiscalSign: '1494325660',
      fiscalDatetime: AT,
      fnNumber: '9999078900000961',
      kktNumber: 'KKT-001',
      shiftNumber: 12,
      receiptNumber: 7,
      totalKopecks,
      qrCodeData: `t=20261122T1643&s=${formatRoubles(totalKopecks)}&fn=9999078900000961&i=71&fp=1494325660&n=${OPERATION_TAGS[type]}`,
      details: detailsOf(content, REGISTRATION, Date.parse(AT)),
      ...changes,
    },
    originalSign: null,
    isMock: false,
  }
}

/** The receipt with a document that an earlier version recorded. */
export function recordedEarlier(receipt: Fiscalised): Fiscalised {
  const { details: _none, ...doc } = receipt.doc
  return { ...receipt, doc }
}
