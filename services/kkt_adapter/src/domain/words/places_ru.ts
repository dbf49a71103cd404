/** The fields that a cashier knows, by their names on the wire. */
const FIELDS: Readonly<Record<string, string>> = {
  items: 'позиция',
  payments: 'оплата',
  total: 'итог',
  electronic: 'электронный чек',
  customer: 'покупатель',
  cashier: 'кассир',
}
const FIELDS_OF_PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  items: {
    name: 'название',
    price: 'цена',
    quantity: 'количество',
    total: 'сумма',
    vat: 'ставка НДС',
    vat_rate: 'ставка НДС',
    marking_code: 'код маркировки',
  },
  payments: { type: 'вид оплаты', amount: 'сумма' },
  customer: { email: 'почта', phone: 'телефон', name: 'имя', inn: 'ИНН' },
  cashier: { name: 'имя', inn: 'ИНН' },
}

/** `/items`, `/items/0`, `/items/0/price`, `/customer/phone`. */
const POINTER = /^\/([a-z_]+)(?:\/(\d+))?(?:\/([a-z_]+))?$/

/**
 * The place in a receipt's body as a cashier knows it: `/items/0/price` is «Позиция 1, цена».
 * @param pointer a JSON Pointer
 * @returns null for a place that only a till's maker knows
 */
export function placeInRussian(pointer: string): string | null {
  const [, part = '', index, field] = POINTER.exec(pointer) ?? []
  const name = FIELDS[part]
  if (name === undefined) return null
  const numbered = index === undefined ? name : `${name} ${Number(index) + 1}`
  const inner = field === undefined ? '' : FIELDS_OF_PARTS[part]?.[field]
  if (inner === undefined) return null
  const place = inner === '' ? numbered : `${numbered}, ${inner}`
  return place.charAt(0).toUpperCase() + place.slice(1)
}
