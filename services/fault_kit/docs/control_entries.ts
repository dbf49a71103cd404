/** The words about a mock's control side, which all mocks share. */
import type { Book, OperationEntry } from '@kkt/platform/docs/book.ts'
import { z } from 'zod'
import { MAX_CONFIG_BYTES } from '../control.ts'
import type { FaultKit } from '../kit.ts'
import { MAX_STATE_BYTES } from '../saved.ts'
import { STATE_VERSION } from '../saving.ts'
import { MAX_CALLS_WITH_WIRE } from '../wire.ts'
import {
  type callForm,
  callsPage,
  callWhole,
  countersForm,
  faultsForm,
  ledgerPage,
  notReached,
  reached,
} from './answers.ts'
import { configForm } from './config_form.ts'

export const CONTROL_TAG = 'Control'

export const controlTag = { name: CONTROL_TAG, description: "The tests' side: put faults on, and see what came." }

export const controlProblems: Book['problems'] = {
  no_such_call: { status: 404, meaning: 'No such call is kept. The mock keeps the newest 10000.' },
}

/** @param call one that the mock has seen */
export type Mock = {
  kit: FaultKit
  prefix: string
  call: z.output<typeof callForm>
  sent: string
  /** The mock's own counters, and an example of each. */
  counters: { form: z.ZodObject; example: Record<string, unknown> }
  ledger: { form: z.ZodType; example: Record<string, unknown>; filter: Record<string, string> }
  /** The ledger of a mock that has taken nothing, as an export has it. */
  emptyLedger: Record<string, unknown>
}

const NOTHING_SET = { permanent_failure: false, failure_count: 0 }

export function controlEntries(mock: Mock): Book['operations'] {
  const under = (entries: Record<string, Omit<OperationEntry, 'tag'>>): Book['operations'] =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [
        name.replace(' ', ` ${mock.prefix}`),
        { tag: CONTROL_TAG, ...entry },
      ]),
    )
  return {
    ...under(configEntries(mock)),
    ...under(callEntries(mock)),
    ...under(ledgerEntries(mock)),
    ...under(stateEntries(mock)),
  }
}

type Entries = Record<string, Omit<OperationEntry, 'tag'>>

function configEntries({ kit }: Mock): Entries {
  const schema = configForm(kit.faults.catalogue)
  const [fault] = kit.faults.catalogue
  return {
    'GET /config': {
      summary: 'The faults that are on, with what is left of each',
      answers: { 200: { description: 'The whole configuration.', schema, example: NOTHING_SET } },
    },
    'POST /config': {
      summary: 'Put faults on, and end them',
      description: 'A field that is not named stays.',
      body: {
        description: 'The changes.',
        limitBytes: MAX_CONFIG_BYTES,
        schema,
        examples: {
          'Down until it is told otherwise': { permanent_failure: true },
          'The next five submissions get 503': { failure_count: 5 },
          'Down for a second, then slow': { sequence: [{ unavailable: true, seconds: 1 }, { delay: 0.2 }] },
          'Each fault ends': Object.fromEntries(
            kit.faults.catalogue.map(({ name, takes }) => [name, takes === 'switch' ? name === 'deduplicate' : 0]),
          ),
        },
      },
      answers: {
        200: {
          description: 'The whole configuration, as it is now.',
          schema,
          example: { permanent_failure: true, failure_count: 0 },
        },
      },
    },
    'GET /faults': {
      summary: 'All faults that there are',
      answers: {
        200: {
          description: 'Each with its parameters and an example.',
          schema: faultsForm,
          example: {
            faults: [
              {
                name: fault?.name,
                summary: fault?.summary,
                operation: fault?.operation,
                parameters: {},
                bare_number: null,
                example: { permanent_failure: true },
              },
            ],
          },
        },
      },
    },
    'POST /reset': {
      summary: 'End all faults, and forget all calls',
      answers: { 200: { description: 'All is as at the start.', example: { status: 'reset' } } },
    },
  }
}

/** All counters, after one call. */
const countersAfterOne = (own: Record<string, unknown>) => ({
  calls: 1,
  submits: 1,
  lookups: 0,
  by_outcome: { 200: 1 },
  by_fault: {},
  ...own,
})

function callEntries({ kit, call, sent }: Mock): Entries {
  const keptCalls = kit.calls.ring.bound
  const whole = {
    ...call,
    wire_kept_of: MAX_CALLS_WITH_WIRE,
    wire: { sent: { text: sent, length: sent.length }, answered: null, struck: [] },
  }
  return {
    'GET /calls': {
      summary: 'The calls that came',
      parameters: { operation: 'submit', limit: 10 },
      answers: {
        200: {
          description: 'Those that match.',
          schema: callsPage,
          example: { count: 1, kept_at_most: keptCalls, calls: [call] },
        },
      },
    },
    'GET /calls/{number}': {
      summary: 'One call, with its bodies',
      parameters: { number: 1 },
      answers: { 200: { description: 'The call.', schema: callWhole, example: whole } },
      problems: ['no_such_call'],
    },
  }
}

function ledgerEntries({ kit, call, counters, ledger }: Mock): Entries {
  const { counted } = kit
  const allCounters = countersAfterOne(counters.example)
  return {
    [`GET /${counted}`]: {
      summary: `The ${counted} that the mock has taken`,
      parameters: { ...ledger.filter, limit: 10 },
      answers: {
        200: {
          description: 'Those that match.',
          schema: ledgerPage(counted, ledger.form),
          example: { count: 1, kept_at_most: kit.ledger.keptAtMost, [counted]: [ledger.example] },
        },
      },
    },
    'GET /counters': {
      summary: 'All counters',
      answers: { 200: { description: 'Since the reset.', schema: countersForm(counters.form), example: allCounters } },
    },
    'GET /wait': {
      summary: 'Wait until something has come',
      description: `Takes one counter, or a match such as \`receipt_id\`, which may stand beside \`${counted}\` or \`calls\`.`,
      parameters: { [counted]: 1, timeout: 10 },
      answers: {
        200: { description: 'It has come.', schema: reached, example: { status: 'reached', [counted]: 1 } },
        408: {
          description: 'It has not come in time, and these calls came instead; or a reset came.',
          schema: notReached(counters.form),
          example: {
            status: 'timeout',
            [counted]: 0,
            came_instead: { counters: allCounters, last_calls: [{ ...call, why_not: ['it was answered 422'] }] },
          },
        },
      },
    },
    'GET /stream': {
      summary: 'Calls and changes as they happen',
      description: 'Events are `config` (the whole configuration), `call` (a call whose outcome is known) and `reset`.',
      answers: {
        200: {
          description: 'Server-sent events. It stays open.',
          mediaType: 'text/event-stream',
          schema: { type: 'string', description: 'Events, each with one JSON document as its data' },
          example: `event: config\ndata: ${JSON.stringify(NOTHING_SET)}\n\n`,
        },
      },
    },
  }
}

function stateEntries({ kit, counters, emptyLedger }: Mock): Entries {
  const part = (description: string) => ({ type: 'object', description })
  const { $ref, $defs } = configForm(kit.faults.catalogue)
  const schema = {
    type: 'object',
    properties: {
      version: { description: 'The version of this form', const: STATE_VERSION },
      service: { description: 'The mock that it is of', const: kit.service },
      configuration: { description: 'The faults. Their plans start again at an import', $ref },
      calls: part('The kept calls, and the numbers of all, as an export has them'),
      ledger: part(`The kept ${kit.counted}, as an export has them`),
      counters: part('All counters. An import counts by the rest, and leaves them out'),
    },
    required: ['version', 'service', 'configuration', 'calls', 'ledger'],
    $defs,
  }
  const noCalls = { total: 0, kept: [], attempts: {}, outcomes: { submit: 0, lookup: 0, byOutcome: {}, byFault: {} } }
  const none = { calls: 0, submits: 0, lookups: 0, by_outcome: {}, by_fault: {}, ...counters.example }
  const empty = {
    version: STATE_VERSION,
    service: kit.service,
    configuration: NOTHING_SET,
    counters: none,
    calls: noCalls,
    ledger: emptyLedger,
  }
  const imported = z.object({
    status: z.literal('imported').meta({ description: 'The state is in force' }),
    counters: countersForm(counters.form).meta({ description: 'All counters, as they are now' }),
  })
  return {
    'GET /export': {
      summary: 'The whole state in one document',
      answers: { 200: { description: 'The state.', schema, example: empty } },
    },
    'POST /import': {
      summary: 'Restore an exported state',
      description: 'The earlier state is gone.',
      body: {
        description: 'A state, as an export has it.',
        limitBytes: MAX_STATE_BYTES,
        schema,
        examples: { 'Nothing has come yet': empty },
      },
      answers: {
        200: { description: 'It is in force.', schema: imported, example: { status: 'imported', counters: none } },
      },
    },
  }
}
