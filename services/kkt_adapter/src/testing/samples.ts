/** Reads Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */

/** `labels` is as written: `state="open"`, or empty. */
export type Sample = { name: string; labels: string; value: number }

export const samplesOf = (text: string): Sample[] =>
  [...text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels,
    value: Number(value),
  }))

/** The values by `name` or `name{labels}`. */
export const valuesOf = (text: string): Record<string, number> =>
  Object.fromEntries(
    samplesOf(text).map(({ name, labels, value }) => [labels === '' ? name : `${name}{${labels}}`, value]),
  )
