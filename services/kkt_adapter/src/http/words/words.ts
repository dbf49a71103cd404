import type { InEach } from '@kkt/platform/language.ts'
import { advice as enAdvice, alerts as enAlerts } from './en_alerts.ts'
import { answers as enAnswers } from './en_answers.ts'
import { csv as enCsv } from './en_csv.ts'
import { problems as enProblems } from './en_problems.ts'
import { advice as ruAdvice, alerts as ruAlerts } from './ru_alerts.ts'
import { answers as ruAnswers } from './ru_answers.ts'
import { csv as ruCsv } from './ru_csv.ts'
import { problems as ruProblems } from './ru_problems.ts'

/** The words of the adapter's answers. Each language has them all, with the same parameters. */
export type AdapterWords = {
  problems: typeof enProblems
  answers: typeof enAnswers
  alerts: typeof enAlerts
  advice: typeof enAdvice
  csv: typeof enCsv
}

export const ADAPTER_WORDS: InEach<AdapterWords> = {
  en: { problems: enProblems, answers: enAnswers, alerts: enAlerts, advice: enAdvice, csv: enCsv },
  ru: { problems: ruProblems, answers: ruAnswers, alerts: ruAlerts, advice: ruAdvice, csv: ruCsv },
}
