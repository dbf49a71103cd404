import type { ComponentProps } from 'preact'
import { useMemo } from 'preact/hooks'
import { Chart } from '../kit/chart.tsx'
import { Panel } from '../kit/ui.tsx'
import { usePage } from './page.ts'
import { perMinute } from './state.ts'

const SPAN_SECONDS = 15 * 60

/** Receipts a minute and the oldest pending one's age over the last 15 minutes. */
export function ChartsPanel() {
  const { words, live, format } = usePage()
  const { samples, intervalSeconds } = live
  const times = useMemo(() => samples.map(({ at }) => Date.parse(at) / 1000), [samples])
  const rates = useMemo(() => perMinute(samples, intervalSeconds), [samples, intervalSeconds])
  const rateSeries = useMemo(
    () => [
      { values: rates.accepted, colour: '--accent-plain', isFilled: true },
      { values: rates.synced, colour: '--good-plain' },
    ],
    [rates],
  )
  const ageSeries = useMemo(
    () => [
      {
        values: samples.map((sample) => sample.oldest_pending_age_seconds ?? 0),
        colour: '--warn-plain',
        isFilled: true,
      },
    ],
    [samples],
  )
  const now = words.charts.now(rates.accepted.at(-1) ?? 0, rates.synced.at(-1) ?? 0)
  const oldest = samples.at(-1)?.oldest_pending_age_seconds ?? null
  const isEmpty = samples.length === 0
  const age = isEmpty ? '' : oldest === null ? words.buffer.nothing : format.duration(oldest)
  const shared = { times, timeOf: format.clockTime, spanSeconds: SPAN_SECONDS }
  // Without a sample there is no time to show. The place is kept, so that nothing jumps.
  const chart = (props: Omit<ComponentProps<typeof Chart>, keyof typeof shared>) =>
    isEmpty ? <div class="chart" /> : <Chart {...shared} {...props} />
  return (
    <Panel id="charts" title={words.charts.title}>
      <div class="charts">
        <figure>
          <figcaption>
            {words.charts.perMinute}: <span class="legend came">{words.charts.came}</span>{' '}
            <span class="legend went">{words.charts.went}</span>
          </figcaption>
          {chart({ label: `${words.charts.perMinute}: ${now}`, series: rateSeries, valueOf: format.number })}
        </figure>
        <figure>
          <figcaption>
            {words.charts.age}: {age}
          </figcaption>
          {chart({ label: `${words.charts.age}: ${age}`, series: ageSeries, valueOf: format.brief })}
        </figure>
      </div>
      <p class="calm">
        {isEmpty && words.charts.none} {words.charts.restart}
      </p>
    </Panel>
  )
}
