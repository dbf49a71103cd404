import { describe, expect, test } from 'bun:test'
import { Problem } from '@kkt/platform/problem.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { receiptFaults, serviceFaults } from './catalogue.ts'
import { type Call, defineFault, type Fault, PASS } from './fault.ts'
import { createFaultRegistry } from './registry.ts'
import { receiptFaultsOff as untouched } from './testing.ts'

const request = new Request('http://localhost/')
const about = { pos_id: 'POS-1' }
const submit = { request, operation: 'submit', about } as const

const build = (service: string, faults: readonly Fault[], clock = new TestClock()) =>
  createFaultRegistry(service, faults, clock)

async function struck(strike: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await strike
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  return undefined
}

const seen = (stage: Fault['stage'], calls: Call[]) =>
  defineFault({
    name: `seen_${stage}`,
    stage,
    config: z.boolean(),
    initial: true,
    inHealth: false,
    decide: (_, call) => {
      calls.push(call)
      return PASS
    },
  })

test('the catalogue: single receipts can be refused where there are receipts', () => {
  expect(serviceFaults.map((fault) => fault.name)).toEqual(['permanent_failure', 'failure_count'])
  expect(receiptFaults.map((fault) => fault.name)).toEqual(Object.keys(untouched))
})

test('the configuration has a field for each fault, and health those that ask for it', () => {
  const faults = build('OFD', receiptFaults)
  expect(faults.current()).toEqual(untouched)
  expect(faults.configuration.parse(faults.current())).toEqual(untouched)
  expect(faults.health()).toEqual({ permanent_failure: false, failure_count: 0 })
  expect(Object.keys(faults.healthShape)).toEqual(['permanent_failure', 'failure_count'])
})

test('a change touches what it names, reset touches all', () => {
  const faults = build('OFD', receiptFaults)
  faults.configure({ failure_count: 3 })
  faults.configure({ refuse: { pos_id: 'POS-1', status: 422 } })
  expect(faults.current()).toEqual({ ...untouched, failure_count: 3, refuse: { pos_id: 'POS-1', status: 422 } })
  faults.reset()
  expect(faults.current()).toEqual(untouched)
})

test('a change takes any of the fields and no other', () => {
  const { change } = build('Odoo', serviceFaults)
  expect(change.safeParse({}).success).toBe(true)
  expect(change.safeParse({ failure_count: 1 }).success).toBe(true)
  const refused = change.safeParse({ refuse: null, failure_count: -1 }).error?.issues
  expect(refused?.map((issue) => issue.path)).toEqual([['failure_count'], ['refuse']])
  expect(refused?.[1]?.message).toBe('is not known here: there are permanent_failure, failure_count')
})

test('a strike carries the answer out of the route, in the service’s own form', async () => {
  const faults = build('OFD', receiptFaults)
  expect(await struck(faults.strike('arrival', submit))).toBeUndefined()
  faults.configure({ permanent_failure: true })
  const answer = (await struck(faults.strike('arrival', submit)))?.toResponse()
  expect(answer?.status).toBe(503)
  expect(await answer?.json()).toEqual({ error: 'OFD unavailable' })
})

test.each(['arrival', 'before_effect', 'after_effect'] as const)(
  'a fault of %s is asked there alone',
  async (stage) => {
    const calls: Call[] = []
    const faults = build('OFD', [seen(stage, calls)])
    for (const at of ['arrival', 'before_effect', 'after_effect'] as const) await faults.strike(at, submit)
    expect(calls).toEqual([{ service: 'OFD', operation: 'submit', about, reply: {} }])
  },
)

test('a fault knows what is known of the call', async () => {
  const calls: Call[] = []
  const faults = build('OFD', [seen('arrival', calls), seen('after_effect', calls)])
  await faults.strike('arrival', { request, operation: 'lookup' })
  await faults.strike('after_effect', { ...submit, reply: { ofd_id: 'O-1' } })
  expect(calls).toEqual([
    { service: 'OFD', operation: 'lookup', about: {}, reply: {} },
    { service: 'OFD', operation: 'submit', about, reply: { ofd_id: 'O-1' } },
  ])
})

test('the first that answers is the last that is asked', async () => {
  const faults = build('OFD', receiptFaults)
  faults.configure({ permanent_failure: true, failure_count: 3 })
  expect((await struck(faults.strike('arrival', submit)))?.code).toBe('permanent_failure')
  expect(faults.current()).toMatchObject({ failure_count: 3 })
})

test('two mocks do not share their faults', () => {
  const [one, other] = [build('OFD', serviceFaults), build('Odoo', serviceFaults)]
  one.configure({ permanent_failure: true })
  expect(other.current()).toEqual({ permanent_failure: false, failure_count: 0 })
})

test('a call is to be taken again when a fault says so, whatever others say', async () => {
  const faults = build('OFD', [...receiptFaults, seen('before_effect', [])])
  expect(await faults.strike('before_effect', submit)).toEqual({ takeAgain: false })
  faults.configure({ deduplicate: false })
  expect(await faults.strike('before_effect', submit)).toEqual({ takeAgain: true })
})

test('silence lasts until the client goes away', async () => {
  const faults = build('OFD', receiptFaults)
  const client = new AbortController()
  const gone = new Request('http://localhost/', { signal: AbortSignal.abort() })
  faults.configure({ effect_then_silence: 2 })
  expect(await struck(faults.strike('after_effect', { ...submit, request: gone }))).toBeDefined()
  let isOver = false
  const waiting = new Request('http://localhost/', { signal: client.signal })
  const ended = struck(faults.strike('after_effect', { ...submit, request: waiting })).finally(() => {
    isOver = true
  })
  await settle()
  expect(isOver).toBe(false)
  client.abort()
  expect(await ended).toMatchObject({ code: 'effect_then_silence' })
})

describe('a call that waits', () => {
  const down = { status: 503, code: 'effect_delay' }

  test('goes on when the time is over, not before, and no fault of later on is asked before', async () => {
    const clock = new TestClock()
    const calls: Call[] = []
    const faults = build('OFD', [...receiptFaults, seen('before_effect', calls)], clock)
    faults.configure({ effect_delay: 1.5 })
    const strike = faults.strike('before_effect', submit)
    await clock.advance(1499)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(await strike).toEqual({ takeAgain: false })
    expect(calls).toHaveLength(1)
  })

  test('ends at a reset, as if the service were down, and goes no further', async () => {
    const clock = new TestClock()
    const faults = build('OFD', receiptFaults, clock)
    faults.configure({ effect_delay: 60 })
    const ended = struck(faults.strike('before_effect', submit))
    await settle()
    faults.reset()
    expect(await ended).toMatchObject(down)
    expect(clock.waiting).toBe(0)
  })

  test('of after the reset is none of its business', async () => {
    const clock = new TestClock()
    const faults = build('OFD', receiptFaults, clock)
    faults.reset()
    faults.configure({ effect_delay: 1 })
    const strike = faults.strike('before_effect', submit)
    await clock.advance(1000)
    expect(await strike).toEqual({ takeAgain: false })
  })
})
