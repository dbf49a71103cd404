/** The metrics and labels that PromQL expressions name, held against those that there are. */
import type { Sample } from '@kkt/adapter/src/testing/samples.ts'

type Matcher = { label: string; operator: string; value: string }
type Selector = { metric: string; matchers: Matcher[] }

/** Prometheus' own metrics. */
const OF_PROMETHEUS = ['up', 'ALERTS']
/** The labels that Prometheus gives each sample that it fetches. */
const OF_EACH_TARGET = ['job', 'instance']

const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g
const RANGE = /\[[^\]]*\]/g
/** A name that is no function's, and the matchers behind it. */
const SELECTOR = /(?<![\w.$])([a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\{([^}]*)\})?/g
const KEYWORDS = ['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']

/** @throws Error for an expression with a selector that names no metric */
export function selectorsOf(expression: string): Selector[] {
  const rest = expression.replaceAll(GROUPING, '').replaceAll(RANGE, '')
  if (/\{/.test(rest.replaceAll(SELECTOR, ''))) throw new Error(`a selector of ${expression} names no metric`)
  return [...rest.matchAll(SELECTOR)]
    .map(([, metric = '', matchers = '']) => ({ metric, matchers: matchersOf(matchers) }))
    .filter(({ metric }) => !KEYWORDS.includes(metric.toLowerCase()))
}

const matchersOf = (text: string): Matcher[] =>
  [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label = '', operator = '', value = '']) => ({
    label,
    operator,
    value,
  }))

/** A line for each metric, label and label's value of an expression that no sample has. */
export function strangers(expression: string, samples: readonly Sample[]): string[] {
  const selectors = selectorsOf(expression).filter(({ metric }) => !OF_PROMETHEUS.includes(metric))
  const named = samples.filter(({ name }) => selectors.some(({ metric }) => metric === name))
  const grouped = [...expression.matchAll(GROUPING)].flatMap(([, labels = '']) => labels.split(/\s*,\s*/))
  const known = [...OF_EACH_TARGET, ...named.flatMap((sample) => Object.keys(labelsOf(sample)))]
  return [
    ...selectors.flatMap((selector) => strangersOf(selector, samples)),
    ...grouped.filter((label) => !known.includes(label)).map((label) => `no metric here has the label ${label}`),
  ]
}

function strangersOf({ metric, matchers }: Selector, samples: readonly Sample[]): string[] {
  const own = samples.filter(({ name }) => name === metric).map(labelsOf)
  if (own.length === 0) return [`there is no metric ${metric}`]
  return matchers
    .filter(({ label }) => !OF_EACH_TARGET.includes(label))
    .flatMap(({ label, operator, value }) =>
      (operator.includes('~') ? value.split('|') : [value])
        .filter((one) => !own.some((labels) => labels[label] === one))
        .map((one) => `no ${metric} has ${label}="${one}"`),
    )
}

export const labelsOf = ({ labels }: Sample): Record<string, string> =>
  Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
