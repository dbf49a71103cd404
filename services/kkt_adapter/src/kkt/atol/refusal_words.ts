import type { InEach } from '@kkt/platform/language.ts'
import type { FfdVersion } from '../../domain/ffd.ts'
import type { TaxationSystem } from '../../domain/taxation.ts'

const in12 = (has: FfdVersion): InEach<string> => ({
  en: `needs FFD 1.2, and the KKT is registered with FFD ${has}`,
  ru: `требует ФФД 1.2, а ККТ зарегистрирована с ФФД ${has}`,
})

/** Each reason why a KKT makes no such document, and its remedy. It continues a sentence that begins with the field's name. */
export const REFUSALS = {
  system: (registered: readonly TaxationSystem[], isOpen: boolean): InEach<string> => {
    const systems = registered.join(', ')
    return {
      en: `must be one of ${systems}, with which the KKT is registered${isOpen ? ', or set TAXATION_SYSTEM' : ''}`,
      ru: `должно быть одним из ${systems}: с ними зарегистрирована ККТ${isOpen ? '. Или задайте TAXATION_SYSTEM' : ''}`,
    }
  },
  cashier: (): InEach<string> => ({
    en: 'must be there, or set CASHIER_NAME: the KKT makes no document without a cashier',
    ru: 'нужно указать, или задайте CASHIER_NAME: ККТ не делает документов без кассира',
  }),
  correction: (has: FfdVersion): InEach<string> => ({
    en: `needs FFD 1.1, and the KKT is registered with FFD ${has}: put it right by a refund and a new receipt`,
    ru: `требует ФФД 1.1, а ККТ зарегистрирована с ФФД ${has}: исправьте возвратом и новым чеком`,
  }),
  ownAttribute: (name: string): InEach<string> => ({
    en: `must not be ${name}: under it a document carries the id that the adapter gives to its receipt`,
    ru: `не может быть ${name}: под этим названием в документе стоит номер, который чеку даёт адаптер`,
  }),
  notRegistered: (): InEach<string> => ({
    en: 'is a business for which the KKT is not registered: register it again with that mark, or use another KKT',
    ru: 'относится к тому, для чего ККТ не зарегистрирована: перерегистрируйте её с этим признаком или возьмите другую',
  }),
  contactOnline: (): InEach<string> => ({
    en: 'must have an email or a phone, because it is a settlement on the internet',
    ru: 'должен быть с почтой или телефоном: это расчёт в интернете',
  }),
  placeOnline: (): InEach<string> => ({
    en: "must be the site's address, or set PLACE: it is a settlement on the internet",
    ru: 'должно быть адресом сайта, или задайте PLACE: это расчёт в интернете',
  }),
  electronicOffline: (): InEach<string> => ({
    en: 'must not be true, because the KKT works without an OFD and nobody would send the receipt: print it',
    ru: 'нельзя: ККТ работает без ОФД, и чек никто не отправит. Напечатайте его',
  }),
  fractionOfMeasured: (): InEach<string> => ({
    en: 'is counted in pieces: leave measure out',
    ru: 'считается в штуках: уберите measure',
  }),
  needsFfd12: in12,
  fineQuantity: (has: FfdVersion): InEach<string> => ({
    en: `must have 3 decimals at most: a finer one ${in12(has).en}`,
    ru: `должно быть не точнее трёх знаков: большее ${in12(has).ru}`,
  }),
}
