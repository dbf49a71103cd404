import { z } from 'zod'
import { MAX_STATE_BYTES } from '../saved.ts'
import { STATE_VERSION } from '../saving.ts'
import { countersForm } from './answers.ts'
import { configForm } from './config_form.ts'
import { type DescribedMock, type Entries, NOTHING_SET } from './described_mock.ts'

/** A mock's whole state in one document. */
export function stateEntries({ kit, counters, emptyLedger }: DescribedMock): Entries {
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
