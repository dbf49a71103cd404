/** The schema of a change to a mock's configuration, built from the mock's catalogue. */
import { noOtherField, notKnown } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import type { Fault } from './fault.ts'
import { seconds, wholeNumber } from './fields.ts'
import { Planned, plansSchema } from './plan.ts'

export const MAX_STEPS = 100
export const MAX_SEED = 0xffff_ffff

/** One step of a sequence: for a number of submissions or of seconds; without either it lasts. */
export type Step = { planned: readonly Planned[]; calls: number | undefined; seconds: number | undefined }
/** `seed` and `sequence` are undefined when they stay as they are. */
export type Change = {
  planned: readonly Planned[]
  seed: number | undefined
  sequence: readonly Step[] | undefined
}

/** @param hasPort whether the mock listens on a port of its own */
export function changeSchema(catalogue: readonly Fault[], hasPort: () => boolean): z.ZodType<Change> {
  const faults = Object.fromEntries(
    catalogue.map((fault) => [fault.name, plansSchema(fault, hasPort).optional()] as const),
  )
  const known = [...Object.keys(faults), 'seed', 'sequence']
  const knownInStep = [...Object.keys(faults), ...Object.keys(lengths.shape)]

  /** Refuses an object with more fields than exist, naming one unknown field: naming each could fill the memory. */
  const notTooMany = (names: readonly string[]) =>
    z.unknown().superRefine((given, ctx) => {
      if (typeof given !== 'object' || given === null) return
      const fields = Object.keys(given)
      if (fields.length <= names.length || Array.isArray(given)) return
      const [unknown] = fields.filter((name) => !names.includes(name))
      if (unknown === undefined) return
      ctx.addIssue({ code: 'custom', message: notKnown(unknown, names), path: [unknown] })
    })

  const stepFields = z
    .object({ ...faults, ...lengths.shape })
    .catchall(noOtherField(knownInStep))
    .transform(({ calls, seconds, ...others }): Step => ({ planned: plannedIn(others), calls, seconds }))
    .refine(({ calls, seconds }) => calls === undefined || seconds === undefined, 'takes calls or seconds, not both')
  const step = notTooMany(knownInStep).pipe(stepFields)

  const sequence = z
    .array(step, 'takes null, or a list of configurations, each for so many calls or seconds')
    .max(MAX_STEPS, `takes up to ${MAX_STEPS} steps`)
    .superRefine((steps, ctx) => {
      for (const [i, { calls, seconds }] of steps.slice(0, -1).entries()) {
        const isEndless = calls === undefined && seconds === undefined
        if (isEndless) ctx.addIssue({ code: 'custom', message: 'takes calls or seconds, for steps follow', path: [i] })
      }
    })

  const whole = z
    .object({
      ...faults,
      seed: wholeNumber('what chance is drawn by', { max: MAX_SEED }).optional(),
      sequence: sequence.nullable().optional(),
    })
    .catchall(noOtherField(known))
    .transform(
      ({ seed, sequence, ...others }): Change => ({
        planned: plannedIn(others),
        seed,
        sequence: sequence === null ? [] : sequence,
      }),
    )
  return notTooMany(known).pipe(whole)
}

const lengths = z.object({
  calls: wholeNumber('for so many submissions', { min: 1 }).optional(),
  seconds: seconds('for so long', { min: 0.001 }).optional(),
})

const plannedIn = (given: object) => Object.values(given).filter((value) => value instanceof Planned)
