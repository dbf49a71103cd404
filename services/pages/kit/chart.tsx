import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { useMedia } from './use.ts'

/** `colour` is a custom property of the theme; `isFilled` fills the area below. */
export type Series = { values: readonly (number | null)[]; colour: string; isFilled?: boolean }

type ChartProps = {
  label: string
  /** Unix seconds. */
  times: readonly number[]
  series: readonly Series[]
  timeOf: (seconds: number) => string
  valueOf: (value: number) => string
  /** The width of the time axis: it ends with the newest value. */
  spanSeconds: number
}

const HEIGHT = 150

/** A chart of values over time. A text beside it has to say what matters, because a canvas is a picture. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const latest = useRef(props)
  latest.current = props

  // Colours are read when the chart is made, so another theme makes it again.
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = new uPlot(optionsFor(element, latest), dataOf(latest.current), element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [isDark])
  useEffect(() => plot.current?.setData(dataOf(props)), [props.times, props.series])

  return <div ref={place} class="chart" role="img" aria-label={props.label} />
}

const dataOf = ({ times, series }: ChartProps): uPlot.AlignedData => [
  [...times],
  ...series.map(({ values }) => [...values]),
]

function optionsFor(element: HTMLElement, latest: { readonly current: ChartProps }): uPlot.Options {
  const style = getComputedStyle(element)
  const colourOf = (name: string) => style.getPropertyValue(name)
  const axis = {
    stroke: colourOf('--muted-plain'),
    grid: { stroke: colourOf('--line-plain'), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        time: false,
        range: (_plot, _min, max) => [max - latest.current.spanSeconds, max],
      },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      { ...axis, size: 26, space: 70, values: (_plot, ticks) => ticks.map(latest.current.timeOf) },
      { ...axis, size: 56, space: 30, values: (_plot, ticks) => ticks.map(latest.current.valueOf) },
    ],
    series: [
      {},
      ...latest.current.series.map(({ colour, isFilled }) => ({
        stroke: colourOf(colour),
        width: 2,
        points: { show: false },
        ...(isFilled && { fill: `color-mix(in srgb, ${colourOf(colour)} 25%, transparent)` }),
      })),
    ],
  }
}
