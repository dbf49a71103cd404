import { ask } from '../kit/ask.ts'
import { Badge, type Column, Facts, Panel, Table } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { AlertsPanel } from './alerts_panel.tsx'
import { DayActions } from './day_actions.tsx'
import { ShiftsPanel } from './day_shifts.tsx'
import { UnclearPanel } from './day_unclear.tsx'
import { DAY_PATH, useNow, usePage } from './page.ts'
import { Trouble } from './trouble.tsx'
import type { Codes } from './wire.ts'
import type { ShiftNow, ShiftSales } from './wire_kkt.ts'

/** The KKT is asked for them, so not at every receipt of a busy shop. */
const READ_EVERY_MS = 3000

/** The shop's day at a glance, and what the KKT is asked for beside receipts. */
export function DayView() {
  const { words, live, clock } = usePage()
  const shift = useRead(clock, SHIFT, () => ask<ShiftNow>(SHIFT), live.news, READ_EVERY_MS)
  const sales = useRead(clock, SALES, () => ask<ShiftSales>(SALES), live.news, READ_EVERY_MS)
  return (
    <main>
      <p>
        <a href="/">← {words.day.back}</a>
      </p>
      <AlertsPanel at={DAY_PATH} />
      <UnclearPanel />
      <Trouble refused={shift.refused} />
      {shift.value === null && shift.refused === null && <p class="calm">{words.loading}</p>}
      {shift.value && (
        <div class="glance">
          <SoldPanel shift={shift.value} />
          <DrawerPanel shift={shift.value} />
          <PaymentsPanel shift={shift.value} />
        </div>
      )}
      <DayActions shift={shift.value} />
      {sales.value && (
        <div class="columns">
          <HoursPanel sales={sales.value} />
          <ItemsPanel sales={sales.value} />
        </div>
      )}
      <ShiftsPanel />
    </main>
  )
}

const SHIFT = '/v1/kkt/shift'
const SALES = '/v1/kkt/shift/sales'

const STATE_TONE = { closed: 'calm', opened: 'good', expired: 'bad' } as const

function SoldPanel({ shift: { state, number, totals, ...times } }: { shift: ShiftNow }) {
  const { words, format } = usePage()
  const nowMs = useNow()
  const { sale, refund, corrections } = totals
  const facts = (
    [
      [words.day.openedAt, times.opened_at],
      [words.day.closesAt, times.closes_at],
      [words.day.expiresAt, times.expires_at],
    ] as const
  ).flatMap(([term, at]) => (at === null ? [] : [[term, format.time(at, nowMs)] as const]))
  return (
    <Panel id="sold" title={number === 0 ? words.day.noShift : words.day.shift(number)}>
      <p>
        <Badge tone={STATE_TONE[state]}>{words.day.states[state]}</Badge>
      </p>
      <p class="figure">{format.roubles(sale.sum)}</p>
      <p>{words.day.count(sale.count)}</p>
      {refund.count > 0 && <p>{words.day.refunded(format.roubles(refund.sum), refund.count)}</p>}
      {corrections.count > 0 && <p>{words.day.corrected(corrections.count)}</p>}
      <Facts facts={facts} />
    </Panel>
  )
}

function DrawerPanel({ shift: { drawer, drawer_counted_by: by, totals } }: { shift: ShiftNow }) {
  const { words, format } = usePage()
  return (
    <Panel id="drawer" title={words.day.drawer}>
      <p class="figure">{drawer === null ? words.day.drawerUnknown : format.roubles(drawer)}</p>
      {by === 'adapter' && <p class="calm">{words.day.drawerOurs}</p>}
      <Facts
        facts={[
          [words.day.cashMoved, `+${format.roubles(totals.cash_in.sum)} −${format.roubles(totals.cash_out.sum)}`],
        ]}
      />
    </Panel>
  )
}

function PaymentsPanel({ shift: { totals } }: { shift: ShiftNow }) {
  const { words, format } = usePage()
  const isKind = (name: string): name is keyof Codes['payments'] => Object.hasOwn(words.codes.payments, name)
  const rows = Object.keys(words.codes.payments).filter(isKind)
  const columns: readonly Column<keyof Codes['payments']>[] = [
    { title: words.day.payment, isBare: true, cell: (kind) => words.codes.payments[kind] },
    { title: words.day.sum, isNumber: true, isBare: true, cell: (kind) => format.roubles(totals.sale.payments[kind]) },
  ]
  return (
    <Panel id="payments" title={words.day.byPayment}>
      <Table label={words.day.byPayment} columns={columns} rows={rows} keyOf={(kind) => kind} />
    </Panel>
  )
}

function HoursPanel({ sales: { by_hour: hours } }: { sales: ShiftSales }) {
  const { words, format } = usePage()
  const most = Math.max(...hours.map(({ sum }) => sum), 1)
  return (
    <Panel id="hours" title={words.day.byHour}>
      {hours.length === 0 && <p class="calm">{words.day.nothingSold}</p>}
      <ul class="hours">
        {hours.map(({ hour, count, sum }) => (
          <li key={hour}>
            {words.day.hour(hour.slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm'.length), format.roubles(sum), count)}
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(Math.max(sum, 0) / most) * 100} height="10" />
            </svg>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function ItemsPanel({ sales: { top_items: items } }: { sales: ShiftSales }) {
  const { words, format } = usePage()
  const columns: readonly Column<ShiftSales['top_items'][number]>[] = [
    { title: words.day.item, isBare: true, cell: ({ name }) => name },
    { title: words.day.quantity, isNumber: true, cell: ({ quantity }) => format.number(quantity) },
    { title: words.day.sum, isNumber: true, cell: ({ sum }) => format.roubles(sum) },
  ]
  return (
    <Panel id="items" title={words.day.topItems}>
      {items.length === 0 ? (
        <p class="calm">{words.day.nothingSold}</p>
      ) : (
        <Table label={words.day.topItems} columns={columns} rows={items} keyOf={({ name }) => name} />
      )}
    </Panel>
  )
}
