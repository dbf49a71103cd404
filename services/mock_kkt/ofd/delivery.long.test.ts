import { describe, expect, test } from 'bun:test'
import { createArchive, deliver } from './testing.ts'

const T = '/ofd/v1/_test'
const fdsAt = async ({ documents }: ReturnType<typeof deliver>) =>
  Object(await documents()).documents.map(({ fiscal_doc_number }: { fiscal_doc_number: number }) => fiscal_doc_number)
const callsOf = async ({ ask }: ReturnType<typeof deliver>) => Object((await ask('GET', `${T}/calls`)).body).calls

const started = async (documents: number, given = deliver()) => {
  given.make(documents)
  given.delivery.start()
  await given.advance(0)
  return given
}

describe('a register with an OFD', () => {
  test('hands over all documents in the order of their numbers', async () => {
    const run = await started(3)
    expect(await fdsAt(run)).toEqual([1, 2, 3])
    expect(run.unsent()).toBe(0)
    expect(await run.health()).toMatchObject({ other_documents: 3, duplicates: 0, out_of_order: 0, judged_wrong: 0 })
    await run.delivery.stop()
  })

  test('hands a new document over at a nudge, and without one after a second', async () => {
    const run = await started(0)
    run.make(1)
    run.delivery.nudge()
    await run.advance(0)
    expect(run.unsent()).toBe(0)
    run.make(1)
    await run.advance(999)
    expect(run.unsent()).toBe(1)
    await run.advance(1)
    expect(run.unsent()).toBe(0)
    await run.delivery.stop()
  })

  test('keeps the documents that an OFD does not take, and hands them over in order when it is back', async () => {
    const run = deliver()
    await run.config({ permanent_failure: true })
    await started(2, run)
    await run.advance(60_000)
    run.make(3)
    await run.advance(60_000)
    expect([run.unsent(), run.register.state().unsent.firstFd]).toEqual([5, 1])
    await run.config({ permanent_failure: false })
    await run.advance(10_000)
    expect(run.unsent()).toBe(0)
    expect(await fdsAt(run)).toEqual([1, 2, 3, 4, 5])
    await run.delivery.stop()
  })

  test('waits longer after each failure, ten seconds at most', async () => {
    const run = deliver()
    await run.config({ permanent_failure: true })
    await started(1, run)
    await run.advance(120_000)
    const times = (await callsOf(run)).map(({ time }: { time: string }) => Date.parse(time))
    const pauses = times.slice(1).map((time: number, i: number) => time - times[i])
    expect(pauses.slice(0, 8)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000])
    await run.delivery.stop()
  })
})

describe('a document whose answer is lost', () => {
  test.each<[string, Record<string, unknown>]>([
    ['an error after it was taken', { effect_then_error: { times: 1 } }],
    ['an answer that cannot be read', { malformed_json: { times: 1 } }],
    ['an answer of another kind', { wrong_schema: { times: 1 } }],
    ['a reset after it was taken', { reset_after_effect: { times: 1 } }],
    ['no answer', { effect_then_silence: { times: 1 } }],
  ])('%s: is looked up, and sent once', async (_name, fault) => {
    const run = deliver()
    await started(0, run)
    await run.config({ ...fault, deduplicate: false })
    run.make(2)
    await run.advance(10_000)
    expect(run.unsent()).toBe(0)
    expect(await fdsAt(run)).toEqual([1, 2])
    await run.delivery.stop()
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['no answer in time', { hang: { times: 1 } }, 'the OFD did not answer in time'],
    ['a refusal', { unavailable: { times: 1 } }, 'the OFD answered 503 to the look-up'],
  ])('%s is told by its kind', async (_name, fault, reason) => {
    const run = deliver()
    await run.config(fault)
    await started(1, run)
    await run.advance(5000)
    expect(run.log.text()).toContain(reason)
    await run.delivery.stop()
  })

  test('is sent again only after the look-up has said that it is not there', async () => {
    const run = deliver()
    // The first look-up asks whether an earlier process sent the document.
    await run.config({ unavailable: { operation: 'submit', times: 1 } })
    await started(1, run)
    await run.advance(10_000)
    expect(
      (await callsOf(run)).map(({ operation, status }: { operation: string; status: number }) => [operation, status]),
    ).toEqual([
      ['lookup', 404],
      ['submit', 503],
      ['lookup', 404],
      ['submit', 200],
    ])
    await run.delivery.stop()
  })

  test('is not taken for held by an answer about another document', async () => {
    const run = await started(1)
    await run.config({ lookup_mixed_up: { times: 1 }, hang: { operation: 'submit', times: 1 } })
    run.make(1)
    await run.advance(5000)
    await run.advance(500)
    expect(run.unsent()).toBe(1)
    await run.advance(10_000)
    expect(await fdsAt(run)).toEqual([1, 2])
    expect(run.unsent()).toBe(0)
    await run.delivery.stop()
  })

  test('is confirmed by the look-up where the OFD says 409 to one that it holds', async () => {
    const run = await started(1)
    await run.config({ conflict_on_duplicate: true })
    await run.sendDocument({ fn_number: '9999078900001234', fd_number: 2, kind: 'ofd_report' })
    run.make(1)
    await run.advance(2000)
    expect(run.unsent()).toBe(0)
    expect((await callsOf(run)).slice(-2)).toMatchObject([{ status: 409 }, { operation: 'lookup', status: 200 }])
    await run.delivery.stop()
  })
})

test('a document that the OFD refuses stays the first, and is tried until it is taken', async () => {
  const run = deliver()
  await run.config({ refuse: { receipt_id: '9999078900001234/2', status: 422 } })
  await started(3, run)
  await run.advance(60_000)
  expect([await fdsAt(run), run.unsent()]).toEqual([[1], 2])
  const operations = (await callsOf(run)).slice(3).map(({ operation }: { operation: string }) => operation)
  expect(new Set(operations)).toEqual(new Set(['submit']))
  await run.config({ refuse: null })
  await run.advance(10_000)
  expect([await fdsAt(run), run.unsent()]).toEqual([[1, 2, 3], 0])
  await run.delivery.stop()
})

test('after a restart it goes on, and sends nothing that the OFD has from before', async () => {
  const before = deliver()
  await before.config({ effect_then_silence: { after: 1, times: 1 }, deduplicate: false })
  await started(3, before)
  await before.delivery.stop()
  expect([await fdsAt(before), before.unsent()]).toEqual([[1, 2], 2])
  const after = deliver(before.archive, before.ofd)
  after.delivery.start()
  await after.advance(0)
  expect([await fdsAt(after), after.unsent()]).toEqual([[1, 2, 3], 0])
  await after.delivery.stop()
})

test('sends nothing after it was stopped', async () => {
  const run = await started(1)
  await run.delivery.stop()
  run.make(1)
  run.delivery.nudge()
  await run.advance(60_000)
  expect(run.unsent()).toBe(1)
})

test('the documents of a new FN begin again at 1, and those in the old one stay there', async () => {
  const run = deliver()
  await run.config({ permanent_failure: true })
  await started(3, run)
  run.replaceFn('9999078900005678')
  await run.config({ permanent_failure: false })
  await run.advance(10_000)
  expect(run.unsent()).toBe(0)
  expect(await run.documents()).toMatchObject({
    count: 1,
    documents: [{ fn_number: '9999078900005678', fiscal_doc_number: 1 }],
  })
  await run.delivery.stop()
})

test('a memory that cannot be written stops no later try, and is told', async () => {
  const archive = createArchive()
  let failing = true
  const register = {
    ...archive.register,
    confirmThrough(fn: string, fd: number) {
      if (failing) throw new Error('disk full')
      archive.register.confirmThrough(fn, fd)
    },
  }
  const run = await started(1, deliver({ ...archive, register }))
  expect([run.unsent(), run.log.text()]).toEqual([1, expect.stringContaining('ofd_delivery_failed')])
  failing = false
  await run.advance(10_000)
  expect(run.unsent()).toBe(0)
  await run.delivery.stop()
})
