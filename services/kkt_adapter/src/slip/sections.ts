import type { Fiscalised, Section } from './blocks.ts'
import { document, remarks } from './foot.ts'
import { goods } from './goods.ts'
import { heading } from './heading.ts'
import { sums } from './sums.ts'

/**
 * The slip from top to bottom. To show more, add to a section, or write one and put it in its place here. A section that
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

export const sectionsOf = (receipt: Fiscalised): Section[] =>
  SECTIONS.map((section) => section(receipt)).filter(({ length }) => length > 0)

function notice({ isMock }: Fiscalised): Section {
  return isMock ? [{ kind: 'centred', text: 'НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ', isStrong: true }] : []
}

function code({ doc }: Fiscalised): Section {
  return [{ kind: 'qr', data: doc.qrCodeData }]
}
