import type { Fiscalised, Section, Slip } from './blocks.ts'
import { document, remarks } from './foot.ts'
import { goods } from './goods.ts'
import { heading, localTime } from './heading.ts'
import { sums } from './sums.ts'

/**
 * The slip of a receipt from top to bottom. To show more, add to a section, or write one and put it in its place here. A section that
 * is empty is left out.
 */
const SECTIONS: readonly ((receipt: Fiscalised) => Section)[] = [
  notice,
  heading,
  goods,
  sums,
  remarks,
  document,
  code,
  notice,
]

export const receiptSlip = (receipt: Fiscalised): Slip => ({
  title: titleOf(receipt),
  sections: SECTIONS.map((section) => section(receipt)).filter(({ length }) => length > 0),
})

const titleOf = ({ doc, isMock }: Fiscalised): string =>
  `${isMock ? 'Не является кассовым чеком' : 'Кассовый чек'}: ФД ${doc.fdNumber} от ${localTime(doc)}`

function notice({ isMock }: Fiscalised): Section {
  return isMock ? [{ kind: 'centred', text: 'НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ', isStrong: true }] : []
}

function code({ doc }: Fiscalised): Section {
  return [{ kind: 'qr', data: doc.qrCodeData }]
}
