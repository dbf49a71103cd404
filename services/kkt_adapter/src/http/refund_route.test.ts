import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { STATUSES, type Status } from '../domain/state.ts'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { accepted, fiscalDoc } from '../testing/kit.ts'
import { WAY } from '../testing/transitions.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'

function start() {
  const app = startApp()
  const { ask, journal, lease } = app
  // Nothing is printed or delivered behind the test's back.
  lease.isHeld = false
  /** Asks as plain curl does: JSON under a form's content type. */
  const refund = (body: unknown) =>
    ask('POST', '/v1/pos/refund', {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  const of = (id: string) => refund({ original_fiscal_doc_id: id })
  async function reach(status: Status) {
    const { id } = await accepted(journal)
    await journal.write((tx) => {
      for (const step of WAY[status]) step.run(tx, id)
    })
    return id
  }
  return { ...app, refund, of, reach }
}

const refusal = z.object({ allowed: z.literal(false), reason: z.string().min(1), sync_status: z.string() })

describe('a refund', () => {
  test('is allowed once the OFD holds the original, by its id or by its document', async () => {
    const { of, reach, journal } = start()
    const id = await reach('synced')
    const { fnNumber, fdNumber } = journal.queries.find(id)?.fiscalDoc ?? {}
    for (const name of [id, id.toUpperCase(), `${fnNumber}-${fdNumber}`]) {
      expect(await of(name)).toMatchObject({ status: 200, json: { allowed: true, sync_status: 'synced' } })
    }
  })

  test.each(STATUSES.filter((status) => status !== 'synced'))('of one that is %s has to wait', async (status) => {
    const { of, reach } = start()
    const id = await reach(status)
    const answer = await of(id)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(problemOf(answer.json)).toMatchObject({ status: 409, code: 'refund_too_early' })
    expect(refusal.parse(answer.json)).toMatchObject({ allowed: false, sync_status: status })
    expect(problemOf(answer.json).detail).toStartWith(`Receipt ${id} is ${status}: `)
  })

  test('of an undelivered document waits, too', async () => {
    const { of, reach, journal } = start()
    const { fnNumber, fdNumber } = journal.queries.find(await reach('pending'))?.fiscalDoc ?? {}
    expect(await of(`${fnNumber}-${fdNumber}`)).toMatchObject({ status: 409, json: { sync_status: 'pending' } })
  })

  test('of a number that no FN gives finds no document of the next FN', async () => {
    const { of, journal } = start()
    const fns = ['9999000000000001', '9999000000000002'] as const
    for (const fnNumber of fns) {
      const { id } = await accepted(journal)
      await journal.write((tx) => {
        tx.markPrinting(id)
        tx.recordPrinted(id, { ...fiscalDoc(7), fnNumber }, 'printed')
      })
    }
    expect(await of(`${fns[1]}-7`)).toMatchObject({ status: 409 })
    expect(await of(`${fns[0]}-${2 ** 32 + 7}`)).toMatchObject({ status: 404, json: { code: 'original_not_found' } })
  })

  test('of an original that is not known is 404', async () => {
    const { of, reach } = start()
    await reach('synced')
    for (const name of [NOBODY, '9999000000000001-4294967295', '9999078900001234-1']) {
      expect(problemOf((await of(name)).json)).toMatchObject({ status: 404, code: 'original_not_found' })
    }
  })

  test.each([
    ['no name', {}, 422],
    ['a number', { original_fiscal_doc_id: 71 }, 422],
    ['an FD without its FN', { original_fiscal_doc_id: '71' }, 422],
    ['an FN of 15 digits', { original_fiscal_doc_id: '999907890000123-71' }, 422],
    ['a field that is not known', { original_fiscal_doc_id: NOBODY, amount: 1 }, 422],
    ['no JSON', '{', 400],
  ])('that names %s is refused', async (_what, body, status) => {
    expect((await start().refund(body)).status).toBe(status)
  })
})
