import { describe, expect, test } from 'bun:test'
import {
  closing,
  DELAY,
  FIRST_FD,
  handOne,
  nextId,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { type KktFaultsChange, NO_FAULTS } from '../device/faults.ts'

function withFaults(change: KktFaultsChange) {
  const device = setUp()
  device.kkt().faults.configure(change)
  return { ...device, left: () => device.kkt().faults.current() }
}

/** Whether each receipt is on paper, in FD order. */
const paper = ({ receipts }: Pick<ReturnType<typeof setUp>, 'receipts'>) => receipts().map(({ isOnPaper }) => isOnPaper)

describe('a document is asked for, and', () => {
  test('reply_lost: it is made and printed, and nobody hears of it', async () => {
    const device = withFaults({ reply_lost: 2 })
    const ids = [nextId(), nextId(), nextId()]
    expect(await device.ask(ids[0])).toEqual({ kind: 'unknown', reason: 'the reply of the KKT got lost' })
    expect(device.left().reply_lost).toBe(1)
    expect(await device.ask(ids[1])).toMatchObject({ kind: 'unknown' })
    expect(await device.ask(ids[2])).toMatchObject({ kind: 'done', doc: { fdNumber: FIRST_FD + 2 } })
    expect(paper(device)).toEqual([true, true, true])
    for (const [n, id] of ids.entries()) {
      const found = { kind: 'found', doc: { fdNumber: FIRST_FD + n }, paper: 'printed' }
      expect(await device.kkt().lookup(id, TOKEN)).toMatchObject(found)
    }
  })

  test('reply_lost counts no reply that tells of no document', async () => {
    const { ask, left } = withFaults({ reply_lost: 1, busy: 1 })
    expect(await ask()).toMatchObject({ kind: 'refused' })
    expect(left()).toMatchObject({ reply_lost: 1, busy: 0 })
    expect(await ask()).toMatchObject({ kind: 'unknown' })
  })

  test('reply_lost without paper: it is found, and known to be missing', async () => {
    const { ask, kkt } = withFaults({ reply_lost: 1, paper_out: true })
    const id = nextId()
    expect(await ask(id)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'found', paper: 'missing' })
  })

  test('connection_lost: none is made', async () => {
    const { ask, kkt, left, fds } = withFaults({ connection_lost: 1 })
    const id = nextId()
    expect(await ask(id)).toEqual({ kind: 'unknown', reason: 'the connection to the KKT broke' })
    expect(left().connection_lost).toBe(0)
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'absent' })
    expect(await ask(id)).toMatchObject({ kind: 'done' })
    expect(fds()).toEqual([FIRST_FD])
  })

  test('busy: none is made, until it has been asked so often', async () => {
    const { ask, fds } = withFaults({ busy: 2 })
    for (let n = 0; n < 2; n++) {
      expect(await ask()).toEqual({ kind: 'refused', isLasting: false, reason: 'the KKT is busy' })
    }
    expect(await ask()).toMatchObject({ kind: 'done' })
    expect(fds()).toEqual([FIRST_FD])
  })

  test('fn_full: none is made until the FN is replaced, and the shop is told what to do', async () => {
    const { ask, kkt, fds } = withFaults({ fn_full: true })
    expect(await ask()).toEqual({ kind: 'refused', isLasting: false, reason: 'the FN is full: have it replaced' })
    expect(fds()).toEqual([])
    kkt().faults.configure({ fn_full: false })
    expect(await ask()).toMatchObject({ kind: 'done', doc: { fdNumber: FIRST_FD } })
  })

  test('shift_expired: none is made until the shift is closed, which ends the fault', async () => {
    const { ask, fiscalize, done, kkt, left } = withFaults({})
    await fiscalize()
    kkt().faults.configure({ shift_expired: true })
    expect(await ask()).toEqual({ kind: 'refused', isLasting: false, reason: 'the shift has expired' })
    await done(closing(1))
    expect(left()).toEqual(NO_FAULTS)
    expect(await fiscalize()).toMatchObject({ fdNumber: FIRST_FD + 3, shiftNumber: 2, receiptNumber: 1 })
  })

  test('paper_out: it is made at once, and not on paper', async () => {
    const device = setUp({ delay: DELAY })
    device.kkt().faults.configure({ paper_out: true })
    const id = nextId()
    const outcome = { kind: 'done', doc: { fdNumber: FIRST_FD }, paper: 'missing' }
    expect(await handOne(device.kkt(), sale(id), TOKEN)).toMatchObject(outcome)
    expect(await device.kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'found', paper: 'missing' })
    expect(paper(device)).toEqual([false])
  })

  test('slow_print_seconds: printing takes so much longer', async () => {
    const device = setUp({ delay: DELAY, random: 0 })
    device.kkt().faults.configure({ slow_print_seconds: 1.5 })
    const outcome = handOne(device.kkt(), sale(nextId()), TOKEN)
    await device.clock.advance(1699)
    expect(paper(device)).toEqual([false])
    await device.clock.advance(1)
    expect(paper(device)).toEqual([true])
    expect(await outcome).toMatchObject({ kind: 'done', paper: 'printed' })
  })

  test('gone: nobody answers, and nothing happens', async () => {
    const { ask, fiscalize, kkt, fds } = withFaults({})
    const id = nextId()
    await fiscalize(id)
    kkt().faults.configure({ gone: true, busy: 1 })
    const silence = { kind: 'unknown', reason: 'the KKT does not answer' }
    expect(await ask()).toMatchObject(silence)
    expect(await kkt().lookup(id, TOKEN)).toMatchObject(silence)
    expect(await kkt().reprint(id, TOKEN)).toMatchObject(silence)
    expect(await kkt().perform(closing(1), TOKEN)).toMatchObject(silence)
    expect(await kkt().lookupTask(closing(1), TOKEN)).toMatchObject(silence)
    expect(await kkt().shiftReport()).toBeNull()
    expect(await kkt().state()).toBeNull()
    expect(kkt().faults.configure({ gone: false })).toEqual({ ...NO_FAULTS, busy: 1 })
    expect(await kkt().state()).toMatchObject({ shiftNumber: 1, lastFdNumber: FIRST_FD })
    expect(fds()).toEqual([FIRST_FD])
  })
})

test('lookup_lost: the next look-ups are not answered, whatever there is to be found', async () => {
  const { fiscalize, kkt, left } = withFaults({ lookup_lost: 2 })
  const id = nextId()
  const doc = await fiscalize(id)
  expect(await kkt().lookup(id, TOKEN)).toEqual({ kind: 'unknown', reason: 'the reply of the KKT got lost' })
  expect(await kkt().lookup(nextId(), TOKEN)).toMatchObject({ kind: 'unknown' })
  expect(left().lookup_lost).toBe(0)
  expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'found', doc, paper: 'printed' })
})

describe('a reprint', () => {
  test('puts that document on paper when there is some, and takes as long as printing', async () => {
    const device = setUp({ delay: DELAY, random: 0 })
    const { clock, kkt } = device
    kkt().faults.configure({ paper_out: true })
    const id = nextId()
    await handOne(kkt(), sale(nextId()), TOKEN)
    await handOne(kkt(), sale(id), TOKEN)
    expect(await kkt().reprint(id, TOKEN)).toMatchObject({ kind: 'refused', reason: 'the KKT has no paper' })
    expect(paper(device)).toEqual([false, false])

    kkt().faults.configure({ paper_out: false })
    const reprint = kkt().reprint(id, TOKEN)
    await clock.advance(199)
    expect(paper(device)).toEqual([false, false])
    await clock.advance(1)
    expect(await reprint).toEqual({ kind: 'done' })
    expect(paper(device)).toEqual([false, true])
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'found', paper: 'printed' })
  })

  test('may be repeated, and makes no further document even where one could not be made', async () => {
    const { clock, fiscalize, kkt, fds } = withFaults({})
    const id = nextId()
    await fiscalize(id)
    kkt().faults.configure({ fn_full: true, shift_expired: true })
    for (let n = 0; n < 2; n++) {
      const reprint = kkt().reprint(id, TOKEN)
      await clock.advance(0)
      expect(await reprint).toEqual({ kind: 'done' })
    }
    expect(fds()).toEqual([FIRST_FD])
  })

  test('of what the FN does not hold is refused', async () => {
    const { kkt, fds } = withFaults({})
    expect(await kkt().reprint(nextId(), TOKEN)).toMatchObject({ kind: 'refused' })
    expect(fds()).toEqual([])
  })
})

describe('the state', () => {
  test.each([
    ['fn_full', { fn_full: true, shift_expired: true, paper_out: true }],
    ['shift_expired', { shift_expired: true, paper_out: true }],
    ['paper_out', { paper_out: true }],
    ['busy', { busy: 1, fn_full: true }],
    [null, { reply_lost: 1, connection_lost: 1, lookup_lost: 1, slow_print_seconds: 1 }],
  ] as const)('names what stops a document first: %s', async (trouble, change) => {
    const { fiscalize, kkt } = withFaults({})
    await fiscalize()
    kkt().faults.configure(change)
    expect((await kkt().state())?.trouble).toBe(trouble)
  })

  test('counts nothing down but busy, of which asking is a cure', async () => {
    const counts = { reply_lost: 3, connection_lost: 3, lookup_lost: 3 }
    const { kkt, left } = withFaults({ ...counts, busy: 2 })
    const troubles = [await kkt().state(), await kkt().state(), await kkt().state()].map((state) => state?.trouble)
    expect(troubles).toEqual(['busy', 'busy', null])
    expect(left()).toEqual({ ...NO_FAULTS, ...counts })
  })
})

describe('the configuration', () => {
  test('merges what is given', () => {
    const { kkt, left } = withFaults({ busy: 2 })
    expect(kkt().faults.configure({ gone: true })).toEqual({ ...NO_FAULTS, busy: 2, gone: true })
    expect(left()).toEqual({ ...NO_FAULTS, busy: 2, gone: true })
    kkt().faults.reset()
    expect(left()).toEqual(NO_FAULTS)
  })

  test('survives reopening, and is one for two that drive the device', async () => {
    const { open, reopen, ask, kkt } = setUpInFile()
    const left = () => kkt().faults.current()
    kkt().faults.configure({ busy: 3, slow_print_seconds: 0.5 })
    reopen()
    expect(left()).toEqual({ ...NO_FAULTS, busy: 3, slow_print_seconds: 0.5 })
    const other = open()
    await ask()
    expect(other.faults.current().busy).toBe(2)
    other.faults.reset()
    expect(left()).toEqual(NO_FAULTS)
  })
})

test('FD numbers have no gap, whatever goes wrong', async () => {
  const { ask, kkt, fds, kinds } = setUp()
  const changes: KktFaultsChange[] = [
    ...[{ reply_lost: 1 }, { connection_lost: 1 }, { lookup_lost: 1 }, { busy: 1 }, { gone: true }],
    ...[{ paper_out: true }, { shift_expired: true }, { fn_full: true }, { slow_print_seconds: 0 }],
  ]
  let made = 0
  for (const change of changes) {
    kkt().faults.configure(change)
    const id = nextId()
    const outcome = await ask(id)
    kkt().faults.reset()
    const { kind } = await kkt().lookup(id, TOKEN)
    if (kind === 'found') made += 1
    if (outcome.kind === 'done') expect(kind).toBe('found')
    if (outcome.kind === 'refused') expect(kind).toBe('absent')
    await ask()
    made += 1
  }
  expect(fds()).toHaveLength(made)
  expect(kinds()).toHaveLength((await kkt().state())?.lastFdNumber ?? 0)
  expect(made).toBe(changes.length + 4)
})
