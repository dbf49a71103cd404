/** Requests whose end two readers could see in two places. A sale is hidden in each, and none may come to be. */
import { receipt } from '../../harness/receipts.ts'
import { type Attack, isAnswer, type Siege, send } from '../attack.ts'
import { isTaken, type Reply } from '../tally.ts'

/** The till of the hidden sales. */
export const SMUGGLER = 'smuggler'

const KEY = 'Idempotency-Key: hidden'
const BODY = JSON.stringify(receipt({ pos_id: SMUGGLER }))
const HEX = BODY.length.toString(16)
const SIZED = `Content-Length: ${BODY.length}`
const CHUNKED = 'Transfer-Encoding: chunked'
const WHOLE = `${HEX}\r\n${BODY}\r\n0\r\n\r\n`

/** A sale with these header lines and this body, up to and with the body. */
const sale = (fields: readonly string[], body = BODY, end = '\r\n', line = 'POST /v1/kkt/receipt HTTP/1.1') =>
  [line, 'Host: localhost', KEY, ...fields].join(end) + end + end + body

const HIDDEN = sale([SIZED])

type Shape = readonly [name: string, text: string]

/** The end of each is in doubt. The adapter must refuse it, and may read nothing behind it. */
const SHAPES: readonly Shape[] = [...lengths(), ...encodings(), ...chunks(), ...lines(), ...targets()]

/** For a foreign host. Their end is clear, so a request behind them would be one of its own. */
const FOREIGN: readonly Shape[] = [
  ['another host', sale([SIZED]).replace('localhost', 'evil.example')],
  ['a path with another host', sale([SIZED], BODY, '\r\n', 'POST http://evil.example/v1/kkt/receipt HTTP/1.1')],
]

function lengths(): Shape[] {
  const values = ['+5', '-5', '0x5', '5.0', '5 5', '5, 5', `0, ${BODY.length}`, '5\0', '', '9'.repeat(400), '５']
  return [
    ['a length and chunks', sale([SIZED, CHUNKED], `0\r\n\r\n${HIDDEN}`)],
    ['chunks and a length', sale([CHUNKED, SIZED], `0\r\n\r\n${HIDDEN}`)],
    ['a length of none and chunks', sale(['Content-Length: 0', CHUNKED], WHOLE)],
    ['chunks that wait to go on, and a length', sale(['Expect: 100-continue', SIZED, CHUNKED], WHOLE)],
    ['two lengths', sale(['Content-Length: 0', SIZED])],
    ['the same length twice', sale([SIZED, SIZED])],
    ...values.map((value): Shape => [`the length ${value.slice(0, 12)}`, sale([`Content-Length: ${value}`])]),
  ]
}

function encodings(): Shape[] {
  const values = [
    ...['xchunked', 'chunked, identity', 'identity', 'identity, chunked', 'gzip, chunked', 'chunked, chunked'],
    ...['chunked;q=1', '"chunked"', '\x0bchunked', 'chunked\x0c', 'chun\0ked', 'cow', ''],
  ]
  return [
    ...values.map((value): Shape => [`the encoding ${value}`, sale([`Transfer-Encoding: ${value}`], WHOLE)]),
    ['the encoding twice', sale([CHUNKED, 'Transfer-Encoding: identity'], WHOLE)],
    ['chunks by HTTP/1.0', sale([CHUNKED], WHOLE, '\r\n', 'POST /v1/kkt/receipt HTTP/1.0')],
  ]
}

function chunks(): Shape[] {
  const long = 'a'.repeat(100_000)
  const starts = ['-1', '0x5', '5g', 'f'.repeat(16), ` ${HEX}`, `+${HEX}`, '', `${HEX} ${HEX}`, `${HEX};${long}`]
  const controls = [`${HEX};\n`, `${HEX};a=\r`, `${HEX};\0`, `${HEX};a="\n0\n\nGET / HTTP/1.1"`]
  return [
    ...[...starts, ...controls].map(
      (start): Shape => [
        `a chunk that begins ${JSON.stringify(start.slice(0, 24))}`,
        sale([CHUNKED], `${start}\r\n${BODY}\r\n0\r\n\r\n`),
      ],
    ),
    ['a chunk that is longer than it says', sale([CHUNKED], `5\r\n${BODY}\r\n0\r\n\r\n`)],
    ['a chunk that is shorter than it says', sale([CHUNKED], `${HEX}0\r\n${BODY}\r\n0\r\n\r\n`)],
    ['chunks without CRLF between them', sale([CHUNKED], `${HEX}\r\n${BODY}0\r\n\r\n`)],
    ['chunks with LF between them', sale([CHUNKED], `${HEX}\n${BODY}\n0\n\n`)],
    ['a trailer with LF in it', sale([CHUNKED], `${HEX}\r\n${BODY}\r\n0\r\na: b\n\n${HIDDEN}\r\n\r\n`)],
    ['a trailer that is no field', sale([CHUNKED], `${HEX}\r\n${BODY}\r\n0\r\n${HIDDEN}`)],
  ]
}

function lines(): Shape[] {
  const fields = [
    ...[
      'X: a\r\n b',
      `X: a\r\n\t${SIZED}`,
      'Content-Length\r\n: 5',
      'X\rY: a',
      'X\nY: a',
      'X\0: a',
      'X: a\0b',
      ': a',
      'X',
    ],
    ...[
      `Content-Length : ${BODY.length}`,
      `Content-Length\t: ${BODY.length}`,
      ` ${SIZED}`,
      'Transfer-Encoding : chunked',
    ],
    ...['X Y: a', 'X: a\rb', `X: a\n${CHUNKED}`, '\x7f: a', 'ключ: a', '(X): a'],
  ]
  return [
    ...fields.map((field): Shape => [`the line ${JSON.stringify(field)}`, sale([field, SIZED])]),
    ['LF for CRLF', sale([SIZED], BODY, '\n')],
    ['CR for CRLF', sale([SIZED], BODY, '\r')],
    ['CR CR LF for CRLF', sale([SIZED], BODY, '\r\r\n')],
  ]
}

function targets(): Shape[] {
  const first = [
    ...['POST  /v1/kkt/receipt HTTP/1.1', 'POST\t/v1/kkt/receipt\tHTTP/1.1', 'POST /v1/kkt/receipt', 'POST'],
    ...['POST /v1/kkt/receipt HTTP/1.1 ', 'POST /v1/kkt/receipt HTTP/2.0', 'POST /v1/kkt/receipt HTTP/1.10'],
    ...['PRI * HTTP/2.0', 'CONNECT localhost:1 HTTP/1.1', 'OPTIONS * HTTP/1.1', 'POST /v1/kkt/\0receipt HTTP/1.1'],
    ...['P\x01ST /v1/kkt/receipt HTTP/1.1', '\0', 'POST v1 HTTP/1.1'],
    ...['POST file:///etc/passwd HTTP/1.1', 'POST http:// HTTP/1.1', 'POST http://[ HTTP/1.1', ' POST / HTTP/1.1'],
  ]
  return [
    ...first.map((line): Shape => [`begins ${JSON.stringify(line)}`, sale([SIZED], BODY, '\r\n', line)]),
    ['two hosts', sale(['Host: evil.example', SIZED])],
    ['a host with a path', sale([SIZED]).replace('localhost', 'localhost/v1/kkt')],
    ['no host', sale([SIZED]).replace('Host: localhost\r\n', '')],
  ]
}

export const smuggling: Attack = {
  name: 'smuggling',
  lane: 'strikes',
  async begin(siege) {
    for (const [name, text] of SHAPES) {
      // A second sale follows, as a proxy would have sent it on the same connection.
      const reply = await smuggle(siege, name, text + HIDDEN)
      const isOpen = isAnswer(reply) && reply.headers.get('connection') !== 'close'
      if (isOpen) siege.tally.fault(`the connection stayed open behind ${name}`)
    }
    for (const [name, text] of FOREIGN) await smuggle(siege, name, text)
  },
}

async function smuggle(siege: Siege, name: string, text: string): Promise<Reply> {
  const reply = await send(siege, [Buffer.from(withToken(text, siege.token), 'latin1')])
  if (isTaken(reply)) siege.tally.fault(`${name} was taken`)
  return reply
}

/** The same with the token behind each key: otherwise the adapter would refuse the sales for that. */
function withToken(text: string, token: string): string {
  const add = (line: string, end: string) => `${line}Authorization: Bearer ${token}${end}`
  return text.replaceAll(new RegExp(`${KEY}(\\r\\r\\n|\\r\\n|\\n|\\r)`, 'g'), add)
}
