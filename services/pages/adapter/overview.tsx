import { Panel } from '../kit/ui.tsx'
import { AlertsPanel } from './alerts_panel.tsx'
import { AuditPanel } from './audit.tsx'
import { ChartsPanel } from './charts.tsx'
import { DlqPanel } from './dlq.tsx'
import { Flow } from './flow.tsx'
import { BreakerPanel, BufferPanel, PartsPanel } from './glance.tsx'
import { usePage } from './page.ts'
import { ReceiptsPanel } from './receipts.tsx'
import { TryItPanel } from './try_it.tsx'

/** The adapter at a glance, and below it all that a person may want to look into. */
export function Overview() {
  const { words, live, facts } = usePage()
  const hasDeadLetters = !facts.isDeliveredByKkt || (live.status?.dlq_size ?? 0) > 0
  return (
    <main>
      <AlertsPanel at="/" />
      <Panel id="flow" title={words.flow.title}>
        <Flow />
      </Panel>
      <div class="glance">
        <BufferPanel />
        <BreakerPanel />
        <PartsPanel />
      </div>
      <TryItPanel />
      <ChartsPanel />
      <ReceiptsPanel />
      {hasDeadLetters && <DlqPanel />}
      <AuditPanel />
    </main>
  )
}
