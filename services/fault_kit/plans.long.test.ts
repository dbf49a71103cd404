/** The plans' timing of faults, on the control side and at calls. */
import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { receiptFaults } from './catalogue.ts'
import { createConnections } from './connections.ts'
import type { Seen } from './fault.ts'
import { createFaults } from './faults.ts'
import type { Rule } from './rule.ts'
import { nothingSet } from './testing.ts'

function build() {
  const clock = new TestClock()
  const connections = createConnections(clock)
  const deaf = { onChanged: () => undefined, onStrike: () => undefined }
  const faults = createFaults({ catalogue: receiptFaults, clock, connections, ...deaf })
  const configure = (change: unknown) => faults.configure(faults.change.parse(change))

  /** The names of the faults that strike the call. */
  function call(given: Partial<Seen> = {}): string[] {
    const seen = {
      number: 1,
      atMs: 0,
      operation: 'submit' as const,
      receiptId: 'r-1',
      posId: 'POS-1',
      kktId: 'KKT-1',
      attempt: 1,
      fault: null,
      effect: false,
      status: null,
      isReplied: false,
      isUnderWay: true,
      task: null,
      service: 'OFD',
      findings: () => [],
      isKnown: () => false,
      reply: { status: 200, body: {} },
      another: () => undefined,
      peer: () => null,
      ...given,
    }
    return faults.admit(seen.operation === 'submit').flatMap((rule: Rule) => (rule.decide(seen) ? [rule.fault] : []))
  }
  const trace = (calls: number) => Array.from({ length: calls }, () => (call().length > 0 ? 1 : 0)).join('')
  return { clock, faults, configure, call, trace }
}

const lookup = { operation: 'lookup' } as const

describe('when', () => {
  test.each<[string, unknown, string, unknown]>([
    ['true, for good', true, '1111111111', true],
    ['a count', 3, '1110000000', undefined],
    ['times', { times: 3 }, '1110000000', undefined],
    ['after', { after: 2 }, '0011111111', { after: 0 }],
    ['after and times', { after: 2, times: 3 }, '0011100000', undefined],
    ['a list', [{ times: 1 }, { after: 5, times: 2 }], '1000011000', undefined],
    ['no probability', { probability: 0 }, '0000000000', { probability: 0 }],
    ['certainty', { probability: 1 }, '1111111111', { probability: 1 }],
    ['false', false, '0000000000', undefined],
  ])('%s', (_name, plan, expected, left) => {
    const { configure, trace, faults } = build()
    configure({ hang: plan })
    expect(trace(10)).toBe(expected)
    expect(faults.shown()).toEqual(left === undefined ? nothingSet : { ...nothingSet, hang: left })
  })

  test('what is shown is what is left', () => {
    const { configure, trace, faults } = build()
    configure({ hang: 3, unavailable: { times: 4, after: 1, retry_after: 9 } })
    trace(2)
    expect(faults.shown()).toEqual({ ...nothingSet, hang: 1, unavailable: { times: 3, after: 0, retry_after: 9 } })
  })

  test('down and up, over and over, beginning down', async () => {
    const { configure, trace, clock } = build()
    configure({ hang: { down: 2, up: 3 } })
    const seen = []
    for (let second = 0; second < 12; second += 1) {
      seen.push(trace(1))
      await clock.advance(1000)
    }
    expect(seen.join('')).toBe('110001100011')
  })

  test('ttl: over by itself, and gone from the configuration', async () => {
    const { configure, trace, clock, faults } = build()
    configure({ hang: { ttl: 5 }, delay: { seconds: 1, ttl: 60 } })
    await clock.advance(4999)
    expect(trace(1)).toBe('1')
    expect(faults.shown()).toMatchObject({ hang: { ttl: 0.001 }, delay: { seconds: 1, ttl: 55.001 } })
    await clock.advance(1)
    expect(faults.shown()).not.toHaveProperty('hang')
    await clock.advance(56_000)
    expect(trace(1)).toBe('0')
    expect(faults.isArmed()).toBe(false)
  })

  test('match: only calls about these, and each field counts', () => {
    const { configure, call } = build()
    const match = { receipt_id: 'r-1', pos_id: 'POS-1', kkt_id: 'KKT-1', attempt: 1 }
    configure({ hang: { match } })
    expect(call()).toEqual(['hang'])
    for (const other of [{ receiptId: 'r-2' }, { posId: 'POS-2' }, { kktId: 'K' }, { attempt: 2 }]) {
      expect(call(other)).toEqual([])
    }
  })

  test('what does not match is neither counted nor let by', () => {
    const { configure, call } = build()
    configure({ hang: { match: { pos_id: 'POS-1' }, after: 1, times: 1 } })
    const tills = ['POS-2', 'POS-1', 'POS-2', 'POS-1', 'POS-1']
    expect(tills.map((posId) => call({ posId }).length)).toEqual([0, 0, 0, 1, 0])
  })

  test('a call that a fault has no reason to meet is not counted', () => {
    const { configure, call } = build()
    configure({ conflict_on_duplicate: { times: 1 } })
    const known = [false, false, true, true]
    expect(known.map((isThere) => call({ isKnown: () => isThere }).length)).toEqual([0, 0, 1, 0])
  })

  test('operation: each fault has its usual one, a plan may name another', () => {
    const { configure, call } = build()
    configure({ effect_then_error: true, hang: true })
    expect(call(lookup)).toEqual(['hang'])
    configure({ effect_then_error: { operation: 'lookup' }, hang: { operation: 'submit' } })
    expect([call(lookup), call()]).toEqual([['effect_then_error'], ['hang']])
    configure({ effect_then_error: { operation: 'any' }, hang: null })
    expect([call(lookup), call()]).toEqual([['effect_then_error'], ['effect_then_error']])
  })

  test('a match strikes in the stage that its fault has', () => {
    const { configure, faults } = build()
    configure({ hang: [{}, { match: { pos_id: 'POS-1' } }] })
    expect(faults.admit(true).map((rule) => rule.stage)).toEqual(['arrival', 'arrival'])
  })
})

describe('chance', () => {
  const trace = (change: Record<string, unknown>) => {
    const built = build()
    built.configure(change)
    return built.trace(100)
  }
  const coin = { hang: { probability: 0.5 } }

  test('the same seed and the same calls give the same trace, 100 of 100', () => {
    expect(trace({ seed: 7, ...coin })).toBe(trace({ seed: 7, ...coin }))
    expect(trace(coin)).toBe(trace(coin))
    expect(trace({ seed: 8, ...coin })).not.toBe(trace({ seed: 7, ...coin }))
  })

  test('is as likely as it says', () => {
    const hits = (probability: number) => trace({ hang: { probability } }).replaceAll('0', '').length
    expect(hits(0.5)).toBeGreaterThan(30)
    expect(hits(0.5)).toBeLessThan(70)
    expect(hits(0.1)).toBeLessThan(30)
  })

  test('is drawn for each rule by itself', () => {
    const [one, two] = [trace({ hang: [{ probability: 0.5 }] }), trace({ unavailable: { probability: 0.5 } })]
    expect(one).not.toBe(two)
    expect(trace({ hang: [{ probability: 0 }, { probability: 0.5 }] })).not.toBe(one)
    const both = build()
    both.configure({ ...coin, unavailable: { probability: 0.5 } })
    const hangs = Array.from({ length: 100 }, () => (both.call().includes('hang') ? 1 : 0)).join('')
    expect(hangs).toBe(one)
  })

  test('the seed is shown while it is another than usual', () => {
    const { configure, faults } = build()
    configure({ seed: 7 })
    expect(faults.shown()).toEqual({ ...nothingSet, seed: 7 })
    faults.reset()
    expect(faults.shown()).toEqual(nothingSet)
  })
})

describe('sequence', () => {
  const steps = [
    { hang: true, calls: 2 },
    { unavailable: true, seconds: 5 },
    { effect_then_error: 1, calls: 3 },
  ]

  test('one step after another, by submissions or by time, and then nothing', async () => {
    const { configure, call, clock, faults } = build()
    configure({ sequence: steps })
    expect([call(), call(lookup), call()].flat()).toEqual(['hang', 'hang', 'hang'])
    await clock.advance(4999)
    expect(call()).toEqual(['unavailable'])
    await clock.advance(1)
    expect([call(), call(), call()]).toEqual([['effect_then_error'], [], []])
    expect([call(), faults.isArmed(), faults.shown()]).toEqual([[], false, nothingSet])
  })

  test('the last step stays when it names no length', async () => {
    const { configure, call, clock } = build()
    configure({ sequence: [{ hang: true, calls: 1 }, { unavailable: true }] })
    call()
    await clock.advance(3_600_000)
    expect([call(), call()]).toEqual([['unavailable'], ['unavailable']])
  })

  test('a call keeps to the step in which it came', () => {
    const { configure, faults } = build()
    configure({ sequence: [{ hang: true, calls: 1 }, {}] })
    const [rule] = faults.admit(true)
    expect(rule?.fault).toBe('hang')
    expect(faults.admit(true)).toEqual([])
  })

  test('shows what is left of it', async () => {
    const { configure, call, clock, faults } = build()
    configure({ sequence: steps })
    call()
    expect(faults.shown()).toEqual({ ...nothingSet, sequence: [{ hang: true, calls: 1 }, ...steps.slice(1)] })
    call()
    await clock.advance(2000)
    expect(faults.shown()).toEqual({ ...nothingSet, sequence: [{ unavailable: true, seconds: 3 }, steps[2]] })
  })

  test('stands beside what is configured, and health tells of both', () => {
    const { configure, call, faults } = build()
    configure({ failure_count: 2, hang: true, sequence: [{ permanent_failure: true, failure_count: 5 }] })
    expect(faults.health()).toEqual({ permanent_failure: true, failure_count: 7 })
    expect(call()).toEqual(['permanent_failure', 'failure_count', 'failure_count', 'hang'])
    expect(faults.shown()).toMatchObject({ permanent_failure: false, failure_count: 1 })
  })

  test.each([{ sequence: null }, { sequence: [] }])('%j ends it', async (change) => {
    const { configure, call, clock, faults } = build()
    configure({ sequence: steps })
    configure(change)
    expect([call(), faults.isArmed()]).toEqual([[], false])
    await settle()
    expect(clock.waiting).toBe(0)
  })

  test('another takes its place, from its own beginning', async () => {
    const { configure, call } = build()
    configure({ sequence: steps.slice(1) })
    configure({ sequence: [{ hang: true, seconds: 9 }, {}] })
    await settle()
    expect(call()).toEqual(['hang'])
  })

  test('a reset ends it, and leaves no timer behind', async () => {
    const { configure, call, clock, faults } = build()
    configure({ sequence: steps.slice(1) })
    expect(clock.waiting).toBe(1)
    faults.reset()
    await settle()
    expect([clock.waiting, call()]).toEqual([0, []])
  })
})

describe('a bad plan is told by the field', () => {
  test.each<[unknown, string[]]>([
    [{ hang: 'yes' }, ['/hang']],
    [{ hang: -1 }, ['/hang']],
    [{ hang: 1.5 }, ['/hang']],
    [{ hang: [1] }, ['/hang/0']],
    [{ hang: { times: 0 } }, ['/hang/times']],
    [{ hang: { often: 3 } }, ['/hang']],
    [{ hang: { probability: 1.1 } }, ['/hang/probability']],
    [{ hang: { down: 3 } }, ['/hang']],
    [{ hang: [{ times: 1 }, { operation: 'post' }] }, ['/hang/1/operation']],
    [{ hang: { match: { attempt: 0 } } }, ['/hang/match/attempt']],
    [{ delay: true }, ['/delay']],
    [{ delay: { seconds: 1, median: 1 } }, ['/delay']],
    [{ delay: { median: 1, jitter: 1 } }, ['/delay']],
    [{ delay: { seconds: 1, sigma: 1 } }, ['/delay']],
    [{ rate_quota: true }, ['/rate_quota/per_second']],
    [{ unavailable: { retry_after: 'soon' } }, ['/unavailable/retry_after']],
    [{ seed: -1 }, ['/seed']],
    [{ sequence: {} }, ['/sequence']],
    [{ sequence: [{ hang: true }, { hang: true }] }, ['/sequence/0']],
    [{ sequence: [{ hang: 'x', calls: 0 }] }, ['/sequence/0/hang', '/sequence/0/calls']],
    [{ sequence: [{ calls: 1, seconds: 1 }] }, ['/sequence/0']],
    [{ sequence: [{ hangs: true }] }, ['/sequence/0/hangs']],
    [{ hang: 'yes', seed: 'x', delay: { seconds: -1 } }, ['/hang', '/seed', '/delay/seconds']],
  ])('%j', (change, pointers) => {
    const issues = build().faults.change.safeParse(change).error?.issues ?? []
    const told = issues.map(({ path, message }) => ({
      pointer: path.map((part) => `/${String(part)}`).join(''),
      message,
    }))
    expect(told.map(({ pointer }) => pointer).toSorted()).toEqual(pointers.toSorted())
    for (const { message } of told) expect(message).toMatch(/^takes |^is not known here|^has a field "|^is missing$/)
  })
})
