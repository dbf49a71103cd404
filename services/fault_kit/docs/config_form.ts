/** The form of a mock's configuration as JSON Schema. `change.ts` reads it by hand, in more forms than zod can say. */
import type { JsonSchema } from '@kkt/platform/docs/book.ts'
import { ofZod } from '@kkt/platform/docs/json_schema.ts'
import { z } from 'zod'
import { MAX_SEED, MAX_STEPS } from '../change.ts'
import type { Fault, SwitchValue } from '../fault.ts'
import { MAX_COUNT, MAX_SECONDS } from '../fields.ts'
import { MAX_PLANS, planFields } from '../plan.ts'

export function configForm(catalogue: readonly Fault[]): JsonSchema {
  const faults = Object.fromEntries(
    catalogue.map(({ name, summary }) => [name, { description: summary, $ref: `#/$defs/Fault.${name}` }]),
  )
  const step = {
    type: 'object',
    description: 'Faults, for so many submissions or so many seconds. The last step may have neither, and stays',
    properties: {
      ...faults,
      calls: { description: 'For so many submissions', type: 'integer', minimum: 1, maximum: MAX_COUNT },
      seconds: { description: 'For so long, in seconds', type: 'number', minimum: 0.001, maximum: MAX_SECONDS },
    },
    additionalProperties: false,
  }
  const configuration = {
    type: 'object',
    properties: {
      ...faults,
      seed: { description: 'Chance is drawn by this number', type: 'integer', minimum: 0, maximum: MAX_SEED },
      sequence: {
        description: 'Configurations one after another. Null ends them',
        anyOf: [{ type: 'array', maxItems: MAX_STEPS, items: { $ref: '#/$defs/Step' } }, { type: 'null' }],
      },
    },
    additionalProperties: false,
  }
  const values = Object.fromEntries(
    catalogue.flatMap((fault) => [
      [`Fault.${fault.name}`, valueForm(fault)],
      ...(isPlanned(fault) ? [[`Plan.${fault.name}`, ofZod(planFields(fault))]] : []),
    ]),
  )
  return { $ref: '#/$defs/Configuration', $defs: { Configuration: configuration, Step: step, ...values } }
}

const isPlanned = ({ takes }: Fault) => takes === 'plan' || takes === 'parameters'

/** The parameter that a bare number sets, or 0. */
function bareForm(fault: Fault): JsonSchema {
  const { type, minimum, maximum } = numberForm.parse(
    planForm.parse(ofZod(planFields(fault))).properties[fault.bareNumber],
  )
  return { type, minimum: Math.min(0, minimum), maximum }
}

const numberForm = z.object({ type: z.enum(['number', 'integer']), minimum: z.number(), maximum: z.number() })
const planForm = z.object({ properties: z.record(z.string(), z.unknown()) })

const switchForm = (on: SwitchValue, off: SwitchValue): JsonSchema =>
  typeof on === 'boolean' ? { type: 'boolean' } : { type: 'string', enum: [on, off] }

/** The forms that a fault takes. */
function valueForm(fault: Fault): JsonSchema {
  const { name, takes, bareNumber, switchedOnBy, switchedOffBy } = fault
  if (takes === 'switch') return switchForm(switchedOnBy, switchedOffBy)
  if (takes === 'count') return { type: 'integer', minimum: 0, maximum: MAX_COUNT }
  const plan = { $ref: `#/$defs/Plan.${name}` }
  return {
    anyOf: [
      { ...plan, description: 'When and how it strikes' },
      { type: 'array', maxItems: MAX_PLANS, items: plan, description: 'Several plans' },
      { ...bareForm(fault), description: `Its \`${bareNumber}\`. 0 ends the fault` },
      { type: 'boolean', description: 'True puts it on with the usual parameters, false ends it' },
      { type: 'null', description: 'Ends it' },
    ],
  }
}
