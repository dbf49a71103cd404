/** A fault's part of a configuration: when the fault strikes, and how. */
import { readInWords } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import type { Fault, SwitchValue } from './fault.ts'
import { id, seconds, share, wholeNumber } from './fields.ts'

/** Far more than any test needs. */
export const MAX_PLANS = 100
const SHORTEST = 0.001

const match = z
  .strictObject(
    {
      receipt_id: id('this receipt').optional(),
      pos_id: id('receipts of this till').optional(),
      kkt_id: id('what this KKT sends').optional(),
      attempt: wholeNumber('the ordinal of the submission of the receipt', { min: 1 }).optional(),
      task: id('tasks of this type, where the mock does tasks').optional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type' ? 'takes {receipt_id?, pos_id?, kkt_id?, attempt?, task?}' : undefined,
    },
  )
  .meta({ description: 'only calls about these' })

const when = {
  operation: z
    .enum(['submit', 'lookup', 'any'], 'takes submit, lookup or any')
    .meta({ description: 'only calls of this kind' })
    .optional(),
  match: match.optional(),
  after: wholeNumber('calls that it lets by first').optional(),
  times: wholeNumber('how often it strikes', { min: 1 }).optional(),
  probability: share('how likely it strikes').optional(),
  down: seconds('it strikes for so long, then not for `up`, and so on', { min: SHORTEST }).optional(),
  up: seconds('see `down`', { min: SHORTEST }).optional(),
  ttl: seconds('after so long it is over', { min: SHORTEST }).optional(),
}
export const whenSchema = z.object(when)
export type When = z.output<typeof whenSchema>

/** One plan, and the form in which it was written, so that it is shown in the same form. */
export type Plan = { fields: Record<string, unknown>; writtenAs: 'switch' | 'number' | 'object' }

/** A fault's new plans. Without any the fault ends. */
export class Planned {
  constructor(
    readonly fault: Fault,
    readonly plans: readonly Plan[],
  ) {}
}

export function writtenPlan(fault: Fault, { fields, writtenAs }: Plan): unknown {
  if (writtenAs === 'switch') return fault.switchedOnBy
  return writtenAs === 'number' ? fields[fault.bareNumber] : fields
}

/** The plans as a configuration writes them: one plan, a list, or undefined for none. */
export const oneOrList = (plans: readonly unknown[]): unknown => (plans.length > 1 ? plans : plans[0])

export function planFields({ takes, parameters }: Fault): z.ZodObject {
  if (takes === 'plan') return parameters.extend(when)
  return takes === 'count' ? parameters.extend({ times: when.times }) : parameters
}

/**
 * Reads a configuration's value for a fault.
 * @param hasPort whether the mock listens on a port of its own
 */
export function plansSchema(fault: Fault, hasPort: () => boolean): z.ZodType<Planned> {
  // Made when they are first needed: most mocks are given a few of their faults.
  let forms: ReturnType<typeof planForms> | undefined

  return z.unknown().transform((given, ctx) => {
    const written = read(fault, given)
    if (typeof written === 'string') return refuse(ctx, [{ code: 'custom', message: written, path: [], input: given }])
    if (written === null) return new Planned(fault, [])
    if (fault.needsPort && !hasPort())
      return refuse(ctx, [{ code: 'custom', message: NO_PORT, path: [], input: given }])
    const { fields, writtenAs } = written
    forms ??= planForms(fault)
    const result = readInWords(Array.isArray(fields) ? forms.several : forms.one, fields, noPlan)
    if (result.success) {
      const plans = [result.data].flat().map((one) => ({ fields: one, writtenAs }))
      return new Planned(fault, plans)
    }
    // A bare number has no field for the error to point at.
    const isBare = writtenAs === 'number'
    return refuse(ctx, isBare ? result.issues.map((issue) => ({ ...issue, path: [] })) : result.issues)
  })
}

function planForms(fault: Fault) {
  const one = planFields(fault).superRefine((plan, ctx) => {
    const wrong = fault.check?.(plan) ?? pairing(plan)
    if (wrong !== undefined) ctx.addIssue({ code: 'custom', message: wrong })
  })
  return { one, several: z.array(one).max(MAX_PLANS, `takes up to ${MAX_PLANS} plans`) }
}

type Written = { fields: unknown; writtenAs: Plan['writtenAs'] }

/** @returns the plan to parse; null when the fault ends; a string that says which values it takes */
function read({ takes, switchedOnBy, switchedOffBy, bareNumber }: Fault, given: unknown): Written | string | null {
  if (takes === 'switch') {
    if (given !== switchedOnBy && given !== switchedOffBy) return takesOneOf(switchedOnBy, switchedOffBy)
    return given === switchedOnBy ? { fields: {}, writtenAs: 'switch' } : null
  }
  if (given === 0) return null
  if (typeof given === 'number') return { fields: { [bareNumber]: given }, writtenAs: 'number' }
  return takes === 'count' ? 'takes a whole number from 0 to 1000000' : readPlan(given)
}

const takesOneOf = (on: SwitchValue, off: SwitchValue) =>
  typeof on === 'boolean' ? 'takes true or false' : `takes "${on}" or "${off}"`

function readPlan(given: unknown): Written | string | null {
  if (given === null || given === false) return null
  if (given === true) return { fields: {}, writtenAs: 'switch' }
  if (typeof given === 'object') return { fields: given, writtenAs: 'object' }
  return 'takes true, false, null, a number, an object or a list of objects'
}

const NO_PORT = 'is not to be had here: this mock runs inside another process and has no port of its own'

/** The fields say themselves which values they take. */
const noPlan: z.core.$ZodErrorMap = ({ code }) => (code === 'invalid_type' ? 'takes an object' : undefined)

const pairing = ({ down, up }: Record<string, unknown>) =>
  (down === undefined) === (up === undefined) ? undefined : 'takes down and up together'

function refuse(ctx: z.RefinementCtx, issues: readonly z.core.$ZodIssue[]): never {
  for (const issue of issues) ctx.addIssue({ ...issue })
  return z.NEVER
}
