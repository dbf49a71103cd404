import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { judgedOf, type Measured } from './result.ts'

const baseline = z.record(z.string(), z.object({ median: z.number(), min: z.number(), max: z.number() }))

/** The figures that were held to the targets in the run that is compared with, by the lines' names. */
export type Baseline = z.infer<typeof baseline>

export const readBaseline = (path: string): Baseline =>
  existsSync(path) ? baseline.parse(JSON.parse(readFileSync(path, 'utf8'))) : {}

/** The same with these results in the place of the earlier ones. */
export const renewed = (before: Baseline, results: Measured[]): Baseline => ({
  ...before,
  ...Object.fromEntries(results.map((result) => [result.name, rounded(judgedOf(result))])),
})

export const writeBaseline = (path: string, ratios: Baseline): void =>
  writeFileSync(path, `${JSON.stringify(ratios, null, 2)}\n`)

/** To three digits: what comes after them is noise. */
const rounded = ({ median, min, max }: Baseline[string]): Baseline[string] => {
  const round = (value: number) => Number(value.toPrecision(3))
  return { median: round(median), min: round(min), max: round(max) }
}
