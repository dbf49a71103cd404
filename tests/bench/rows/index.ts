import type { Row } from '../row.ts'
import { drain } from './drain.ts'
import { drainSlowOfd } from './drain_slow_ofd.ts'
import { fsyncs } from './fsyncs.ts'
import { healthWhilePrinting } from './health_while_printing.ts'
import { intake1 } from './intake_1.ts'
import { intake32 } from './intake_32.ts'
import { intakeOfAMillion } from './intake_of_a_million.ts'
import { intakeOfFullReceipts } from './intake_of_full_receipts.ts'
import { intakeWithPages } from './intake_with_pages.ts'
import { journalAlone } from './journal_alone.ts'
import { latency32 } from './latency_32.ts'
import { memory } from './memory.ts'
import { peers } from './peers.ts'
import { registerDriver } from './register_driver.ts'
import { startOfAMillion } from './start_of_a_million.ts'
import { statusOfAMillion } from './status_of_a_million.ts'

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  intake32,
  intakeOfFullReceipts,
  intake1,
  latency32,
  journalAlone,
  registerDriver,
  drain,
  drainSlowOfd,
  statusOfAMillion,
  intakeOfAMillion,
  intakeWithPages,
  startOfAMillion,
  memory,
  healthWhilePrinting,
  fsyncs,
  ...peers,
]
