/** A siege that finds nothing must mean that there was nothing to find. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@kkt/platform/clock.ts'
import { drawsFrom } from '@kkt/platform/random.ts'
import type { Sale, TillAnswer } from '../harness/invariants.ts'
import { receipt } from '../harness/receipts.ts'
import { idOf, tillsDocOf } from '../harness/sample_history.ts'
import { message, type Siege, send } from './attack.ts'
import { documents } from './attacks/documents.ts'
import { smuggling } from './attacks/smuggling.ts'
import { sql } from './attacks/sql.ts'
import { tokens } from './attacks/tokens.ts'
import { traversal } from './attacks/traversal.ts'
import { failures, type Outcome, totals } from './judge.ts'
import { table } from './report.ts'
import { Tally } from './tally.ts'

const printed = (n: number): TillAnswer => ({ kind: 'printed', receiptId: idOf(n), doc: tillsDocOf(n), warnings: [] })
const saleOf = (n: number, ...answers: TillAnswer[]): Sale => ({ key: `key-${n}`, receipt: receipt(), answers })

const held = (): Outcome => ({
  rows: [new Tally('an attack').row],
  sales: [saleOf(1, printed(1)), saleOf(2, { kind: 'buffered', receiptId: idOf(2), warnings: [] }, printed(2))],
  sentAgain: 0,
  ledger: [1, 2, 3].map((n) => ({ receipt_id: idOf(n) })),
  smuggled: 0,
  crash: null,
  troubles: [],
  logged: [],
  highestBytes: 2 ** 27,
  seconds: 1.4,
  rounds: 1,
})
const withRow = (change: Partial<Outcome['rows'][number]>): Partial<Outcome> => ({
  rows: [{ ...new Tally('an attack').row, ...change }],
})

describe('an adapter that held', () => {
  test('has no failure, and its sums say so', () => {
    expect(failures(held())).toEqual([])
    const sums = Object.fromEntries(totals(held()))
    expect(sums).toMatchObject({ crashes: 0, 'answers 5xx': 0, 'sales unanswered': 0 })
    expect(sums).toMatchObject({ 'sales not exactly once at the OFD': 0, 'sales of the tills': 2 })
  })

  test('is told from the attackers by the table: their full places are no fault', () => {
    const outcome = { ...held(), ...withRow({ tries: 12, cut: 1, refused: 2, taken: 3, full: 6 }) }
    expect(failures(outcome)).toEqual([])
    expect(table(outcome)).toMatch(/an attack +12 +1 +2 +3 +6 +0 +0\n/)
  })
})

test.each<[what: string, Partial<Outcome>, failure: string]>([
  ['an answer 5xx', withRow({ failed: 1 }), 'an attack: 1 answers were 5xx'],
  ['a request that hangs', withRow({ hung: 2 }), 'an attack: 2 requests got no answer and no end'],
  ['a crash', withRow({ crashes: 1 }), 'an attack: the adapter ended'],
  ['a try that went wrong', withRow({ faults: ['it was taken'] }), 'an attack: it was taken'],
  [
    'a sale that is not at the OFD',
    { ledger: [{ receipt_id: idOf(2) }] },
    `the sale key-1 is not at the OFD: receipt ${idOf(1)}`,
  ],
  [
    'a sale that is there twice',
    { ledger: [1, 2, 2].map((n) => ({ receipt_id: idOf(n) })) },
    `receipt ${idOf(2)} is 2 times at the OFD`,
  ],
  ['a sale without an answer', { sales: [saleOf(3)] }, 'the sale key-3 was never answered as printed'],
  [
    'a sale that stays buffered',
    { sales: [saleOf(3, { kind: 'buffered', receiptId: idOf(3), warnings: [] })] },
    'the sale key-3 was never answered as printed',
  ],
  [
    'a sale that is refused',
    { sales: [saleOf(3, { kind: 'other', what: '422 invalid_body' })] },
    'the sale key-3 was answered 422 invalid_body',
  ],
  [
    'a sale with two receipts',
    { sales: [saleOf(3, printed(3), printed(2))] },
    'the sale key-3 was answered with 2 receipts',
  ],
  ['an end of its own', { crash: 'SIGSEGV' }, 'the adapter ended by itself with SIGSEGV'],
  ['a hidden sale', { smuggled: 1 }, 'smuggling: 1 hidden sales are in the journal'],
  ['an error in the log', { logged: ['{"event":"request_failed"}'] }, 'the adapter logged {"event":"request_failed"}'],
  ['books that do not agree', { troubles: ['the row of the totals is gone'] }, 'the row of the totals is gone'],
])('%s is a failure', (_what, change, failure) => {
  expect(failures({ ...held(), ...change })).toEqual([failure])
})

describe('a server that believes everything', () => {
  let server: Server
  let answer = (response: ServerResponse) => void response.end()
  beforeAll(async () => {
    server = createServer({ insecureHTTPParser: true }, (request, response) => {
      request.resume()
      request.on('end', () => answer(response))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const siege = (): Siege => ({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seed: 1,
    draw: drawsFrom(1),
    size: 'short',
    clock: systemClock,
    token: 'the-right-one',
    tally: new Tally('an attack'),
    over: new AbortController().signal,
  })

  test.each([
    ['reads on behind what is in doubt', smuggling, '{}', 'was taken'],
    ['takes hostile documents', documents, '{}', 'was taken'],
    ['answers SQL with rows', sql, '{"receipts":[{"receipt_id":"1"}]}', 'was answered with rows'],
    ['shows files', traversal, 'root:x:0:0:root:/root:/bin/sh', 'showed a file'],
    ['lets in whoever asks', tokens, '{}', 'a wrong token was let in'],
  ])('is found out where it %s', async (_what, attack, text, fault) => {
    answer = (response) => void response.end(text)
    const besieged = siege()
    await attack.begin(besieged)
    expect(besieged.tally.row.faults[0]).toContain(fault)
  })

  test('has its answers counted by what they are', async () => {
    const besieged = siege()
    for (const [status, headers] of [[200], [404], [500], [503], [503, { 'retry-after': '1' }]] as const) {
      answer = (response) => void response.writeHead(status, headers).end('{}')
      await send(besieged, message({ path: '/' }))
    }
    answer = (response) => void response.destroy()
    await send(besieged, message({ path: '/' }))
    expect(besieged.tally.row).toMatchObject({ tries: 6, taken: 1, refused: 1, failed: 2, full: 1, cut: 1, hung: 0 })
  })
})
