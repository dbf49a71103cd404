import { mayReveal, type Secrets } from '../../domain/secrets.ts'
import { ERROR_TABLE, type ErrorRule } from './error_table.ts'

export type { ErrorRule } from './error_table.ts'

const RULES: ReadonlyMap<number, ErrorRule> = new Map(
  ERROR_TABLE.flatMap((one) => one.codes.map((code): [number, ErrorRule] => [code, one])),
)

/** @returns null for an error without a rule: only the FN can tell what came of it */
export const ruleOf = (code: number): ErrorRule | null => RULES.get(code) ?? null

/** The FN holds no such document, or the register has nothing to do. */
export const NO_SUCH_DOCUMENT = 123

/** Whether a person has to act before the register does anything more. */
export const needsPerson = (rule: ErrorRule | null): boolean => rule?.way === 'person' || rule?.way === 'replace_fn'

/** An error as the register's driver tells it. */
export type DriverError = { code: number; description: string }

const MOST_DESCRIPTION = 200

/**
 * An error in words, for a journal that is read in both languages.
 * @param secrets what the driver's own words may repeat. Null: that is not known, and its words are left out
 */
export function errorInWords({ code, description }: DriverError, secrets: Secrets | null): string {
  const rule = ruleOf(code)
  const isShown = description !== '' && secrets !== null && !mayReveal(description, secrets)
  const own = isShown ? ` «${description.slice(0, MOST_DESCRIPTION)}»` : ''
  const number = `ошибка ККТ, KKT error ${code}${own}`
  return rule === null ? number : `${rule.ru} / ${rule.en} (${number})`
}
