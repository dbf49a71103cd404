import { type Column, Panel, Table } from '../kit/ui.tsx'
import { useNow, usePage } from './page.ts'
import { PageButtons, usePaged } from './paged.tsx'
import { Trouble } from './trouble.tsx'
import type { KeptShift, ShiftPage } from './wire_kkt.ts'

/** The shifts that are known, with the printed documents of each. */
export function ShiftsPanel() {
  const { words, format } = usePage()
  const nowMs = useNow()
  const { value, refused, paged } = usePaged<ShiftPage, Record<string, string>>('/v1/kkt/shifts', {})
  const at = (time: string | null) => time && format.time(time, nowMs)
  const columns: readonly Column<KeptShift>[] = [
    { title: words.day.number, isNumber: true, cell: ({ number }) => number },
    { title: words.day.openedAt, isWhole: true, cell: ({ opened_at }) => at(opened_at) },
    { title: words.day.closedAt, isWhole: true, cell: ({ closed_at }) => at(closed_at) ?? words.day.stillOpen },
    { title: words.day.sold, isNumber: true, cell: ({ totals }) => totals && format.roubles(totals.sale.sum) },
    { title: words.day.printed, isBare: true, cell: (shift) => <Slips shift={shift} /> },
  ]
  const shifts = value?.shifts ?? []
  return (
    <Panel id="shifts" title={words.day.shifts}>
      <Trouble refused={refused} />
      {value !== null && shifts.length === 0 && <p class="calm">{words.day.noShifts}</p>}
      {shifts.length > 0 && (
        <Table
          label={words.day.shifts}
          columns={columns}
          rows={shifts}
          keyOf={({ fn_number: fn, number }) => `${fn}-${number}`}
        />
      )}
      <PageButtons paged={paged} />
    </Panel>
  )
}

function Slips({ shift: { fn_number: fn, number, opened_at: opened, closed_at: closed } }: { shift: KeptShift }) {
  const { words } = usePage()
  const slip = (document: 'opening' | 'closing') =>
    `/v1/kkt/shifts/${fn}/${number}/slip?document=${document}&format=html`
  return (
    <span class="actions">
      {opened && (
        <a href={slip('opening')} target="_blank" rel="noreferrer">
          {words.day.opening}
        </a>
      )}
      {closed && (
        <a href={slip('closing')} target="_blank" rel="noreferrer">
          {words.day.closing}
        </a>
      )}
    </span>
  )
}
