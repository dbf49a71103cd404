/** The words about a mock's control side, which all mocks share. */
import { type Book, entriesOf } from '@kkt/platform/docs/book.ts'
import { tooManyReaders } from '@kkt/platform/hub.ts'
import { MAX_KEPT_CALLS } from '../calls.ts'
import { MAX_CONFIG_BYTES } from '../control.ts'
import { endOf } from '../document.ts'
import { MAX_CALLS_WITH_WIRE } from '../wire.ts'
import { callsPage, callWhole, countersForm, faultsForm, ledgerPage, notReached, reached } from './answers.ts'
import { configForm } from './config_form.ts'
import { type DescribedMock, type Entries, NOTHING_SET } from './described_mock.ts'
import { stateEntries } from './state_entries.ts'

const CONTROL_TAG = 'Control'

export const controlTag = { name: CONTROL_TAG, description: "The tests' side: put faults on, and see what came." }

export const controlProblems: Book['problems'] = {
  no_such_call: { status: 404, meaning: `No such call is kept. The mock keeps the newest ${MAX_KEPT_CALLS}.` },
  ...entriesOf([tooManyReaders()]),
}

export function controlEntries(mock: DescribedMock): Book['operations'] {
  const under = (entries: Entries): Book['operations'] =>
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

function configEntries({ kit }: DescribedMock): Entries {
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
          'Each fault ends': Object.fromEntries(kit.faults.catalogue.map((fault) => [fault.name, endOf(fault)])),
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
                off: false,
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

function callEntries({ kit, call, sent }: DescribedMock): Entries {
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

function ledgerEntries({ kit, call, counters, ledger }: DescribedMock): Entries {
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
      problems: ['too_many_readers'],
    },
  }
}
