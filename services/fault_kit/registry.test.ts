import { expect, test } from 'bun:test'
import { Problem } from '@kkt/platform/problem.ts'
import { z } from 'zod'
import { receiptFaults, serviceFaults } from './catalogue.ts'
import { type Call, defineFault, type Fault, PASS } from './fault.ts'
import { createFaultRegistry } from './registry.ts'

const submit = { operation: 'submit', about: { pos_id: 'POS-1' } } as const
const untouched = { permanent_failure: false, failure_count: 0, refuse: null }

function struck(act: () => void): Problem | undefined {
  try {
    act()
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
  expect(receiptFaults.map((fault) => fault.name)).toEqual(['permanent_failure', 'failure_count', 'refuse'])
})

test('the configuration has a field for each fault, and health those that ask for it', () => {
  const faults = createFaultRegistry('OFD', receiptFaults)
  expect(faults.current()).toEqual(untouched)
  expect(faults.configuration.parse(faults.current())).toEqual(untouched)
  expect(faults.health()).toEqual({ permanent_failure: false, failure_count: 0 })
  expect(Object.keys(faults.healthShape)).toEqual(['permanent_failure', 'failure_count'])
})

test('a change touches what it names, reset touches all', () => {
  const faults = createFaultRegistry('OFD', receiptFaults)
  faults.configure({ failure_count: 3 })
  faults.configure({ refuse: { pos_id: 'POS-1', status: 422 } })
  expect(faults.current()).toEqual({ ...untouched, failure_count: 3, refuse: { pos_id: 'POS-1', status: 422 } })
  faults.reset()
  expect(faults.current()).toEqual(untouched)
})

test('a change takes any of the fields and no other', () => {
  const { change } = createFaultRegistry('Odoo', serviceFaults)
  expect(change.safeParse({}).success).toBe(true)
  expect(change.safeParse({ failure_count: 1 }).success).toBe(true)
  const refused = change.safeParse({ refuse: null, failure_count: -1 }).error?.issues
  expect(refused?.map((issue) => issue.path)).toEqual([['failure_count'], ['refuse']])
  expect(refused?.[1]?.message).toBe('is not known here: there are permanent_failure, failure_count')
})

test('a strike carries the answer out of the route, in the service’s own form', async () => {
  const faults = createFaultRegistry('OFD', receiptFaults)
  expect(struck(() => faults.strike('arrival', submit))).toBeUndefined()
  faults.configure({ permanent_failure: true })
  const answer = struck(() => faults.strike('arrival', submit))?.toResponse()
  expect(answer?.status).toBe(503)
  expect(await answer?.json()).toEqual({ error: 'OFD unavailable' })
})

test('a fault is asked at its own stage alone', () => {
  const calls: Call[] = []
  const faults = createFaultRegistry('OFD', [seen('before_effect', calls)])
  faults.strike('arrival', submit)
  expect(calls).toEqual([])
  faults.strike('before_effect', submit)
  expect(calls).toEqual([{ service: 'OFD', ...submit }])
})

test('the first that answers is the last that is asked', () => {
  const faults = createFaultRegistry('OFD', receiptFaults)
  faults.configure({ permanent_failure: true, failure_count: 3 })
  expect(struck(() => faults.strike('arrival', submit))?.code).toBe('permanent_failure')
  expect(faults.current()).toMatchObject({ failure_count: 3 })
})

test('two mocks do not share their faults', () => {
  const [one, other] = [createFaultRegistry('OFD', serviceFaults), createFaultRegistry('Odoo', serviceFaults)]
  one.configure({ permanent_failure: true })
  expect(other.current()).toEqual({ permanent_failure: false, failure_count: 0 })
})
