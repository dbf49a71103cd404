type Part = {
  /** The part as a whole. */
  whole: string
  /** One of its entries, which has a number. */
  one?: string
  fields?: ReadonlyMap<string, string>
}

const NAMES: [string, string][] = [
  ['name', 'имя'],
  ['inn', 'ИНН'],
]

/** The parts of a receipt that a cashier knows, by their names on the wire. */
const PARTS: ReadonlyMap<string, Part> = new Map<string, Part>([
  [
    'items',
    {
      whole: 'Позиции',
      one: 'Позиция',
      fields: new Map([
        ['name', 'название'],
        ['price', 'цена'],
        ['quantity', 'количество'],
        ['total', 'сумма'],
        ['vat', 'ставка НДС'],
        ['vat_rate', 'ставка НДС'],
        ['marking_code', 'код маркировки'],
      ]),
    },
  ],
  [
    'payments',
    {
      whole: 'Оплата',
      one: 'Оплата',
      fields: new Map([
        ['type', 'вид оплаты'],
        ['amount', 'сумма'],
      ]),
    },
  ],
  ['customer', { whole: 'Покупатель', fields: new Map([['email', 'почта'], ['phone', 'телефон'], ...NAMES]) }],
  ['cashier', { whole: 'Кассир', fields: new Map(NAMES) }],
  ['total', { whole: 'Итог' }],
  ['electronic', { whole: 'Электронный чек' }],
])

/** `/items`, `/items/0`, `/items/0/price`, `/customer/phone`. */
const POINTER = /^\/([a-z_]+)(?:\/(\d+))?(?:\/([a-z_]+))?$/

/**
 * The place in a receipt's body as a cashier knows it: `/items/0/price` is «Позиция 1, цена».
 * @param pointer a JSON Pointer
 * @returns null for a place that only a till's maker knows
 */
export function placeInRussian(pointer: string): string | null {
  const [, name = '', index, field] = POINTER.exec(pointer) ?? []
  const part = PARTS.get(name)
  const place = index === undefined ? part?.whole : part?.one && `${part.one} ${Number(index) + 1}`
  if (place === undefined) return null
  if (field === undefined) return place
  const inner = part?.fields?.get(field)
  return inner === undefined ? null : `${place}, ${inner}`
}
