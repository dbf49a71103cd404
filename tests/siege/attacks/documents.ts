/** JSON that is deep, that names what objects have by themselves, or whose values no program agrees on. */
import { withRaw } from '../../harness/bad_input.ts'
import { type Attack, inParallel, message, send } from '../attack.ts'
import { isTaken } from '../tally.ts'

const AT_ONCE = 8
const TIMES = { short: 1, long: 5 }

/** Names that an object has without being given them. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']
const PLACES = ['', '/items/0', '/payments/0']
const DEEP = 50_000
const NUMBERS = ['1e999', '-1e999', '1e-400', '9007199254740993', '-0', '0.1e1000', '1'.repeat(10_000), '0x10', 'NaN']
const VALUES = [
  ...NUMBERS,
  '"1"',
  'null',
  'true',
  '{}',
  '[]',
  '[1]',
  '{"valueOf":1}',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '""',
]
const FIELDS = ['/pos_id', '/type', '/items', '/payments', '/items/0/name', '/items/0/price', '/items/0/quantity']

type Try = readonly [name: string, body: string | Uint8Array]

/** Receipts that the adapter must refuse. */
const REFUSED: readonly Try[] = [
  ...PLACES.flatMap((place) =>
    INHERITED.map((name): Try => [`${name} in ${place || 'the receipt'}`, withRaw(`${place}/${name}`, '{"a":1}')]),
  ),
  ...['{"__proto__":null}', '{"constructor":{"prototype":{"pos_id":"a"}}}', '[{"__proto__":[]}]'].map(
    (body): Try => [body, body],
  ),
  // A name may be any text, and a quantity any number, so these two fields do not refuse all values.
  ...FIELDS.flatMap((field) =>
    VALUES.filter((value) => !(field === '/items/0/name' && value === '"1"'))
      .filter((value) => !(field === '/pos_id' && value === '"1"'))
      .map((value): Try => [`${field} of ${value.slice(0, 20)}`, withRaw(field, value)]),
  ),
  ['lists in lists', '['.repeat(DEEP)],
  ['whole lists in lists', '['.repeat(DEEP) + ']'.repeat(DEEP)],
  ['objects in objects', '{"a":'.repeat(DEEP)],
  ['items that are deep', withRaw('/items', '['.repeat(DEEP) + ']'.repeat(DEEP))],
  ['a deep unknown field', withRaw('/a', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`)],
  ['half a surrogate pair in a name of a field', withRaw('/\ud800', '1')],
  ['20 000 unknown fields', `{${Array.from({ length: 20_000 }, (_, i) => `"a${i}":1`).join()}}`],
  ['bytes that are no text', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)],
  ['comments', `/* */${withRaw('/type', '"sale"')}`],
  ['two documents', withRaw('/type', '"sale"').repeat(2)],
]

/** Receipts that may be taken or refused, and must not do anything else. */
const ANY: readonly Try[] = [
  ...INHERITED.map((name): Try => [`a till named ${name}`, withRaw('/pos_id', JSON.stringify(name))]),
  // RFC 8259, 8.1: a reader may ignore it.
  ['a byte order mark', `\ufeff${withRaw('/type', '"sale"')}`],
  ['a field twice', withRaw('/type', '"sale","type":"refund"')],
  ['a list twice', withRaw('/payments', '[],"payments":[{"type":"cash","amount":1250}]')],
]

const OTHER_ROUTES = ['/v1/kkt/buffer/dlq/requeue', '/v1/kkt/buffer/dlq/00000000-0000-7000-8000-000000000000/close']

export const documents: Attack = {
  name: 'hostile JSON',
  lane: 'strikes',
  async begin(siege) {
    const post = (path: string, key: string, body: Try[1]) =>
      send(siege, message({ method: 'POST', path, fields: [`Idempotency-Key: ${key}`], body }, siege.token))
    for (let time = 0; time < TIMES[siege.size]; time += 1) {
      await inParallel(REFUSED, AT_ONCE, async ([name, body]) => {
        if (isTaken(await post('/v1/kkt/receipt', `json-${siege.draw(2 ** 32)}`, body))) {
          siege.tally.fault(`a receipt with ${name} was taken`)
        }
        for (const path of OTHER_ROUTES) await post(path, 'json', body)
      })
      await inParallel(ANY, AT_ONCE, ([, body]) => post('/v1/kkt/receipt', `json-${siege.draw(2 ** 32)}`, body))
    }
  },
}
