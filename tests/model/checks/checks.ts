import type { TillsFile } from '../../harness/till_settings.ts'
import type { NodeWatch } from '../world/node.ts'
import type { SimRedis } from '../world/redis.ts'
import { KKT_ID, type Rig } from '../world/rig.ts'
import type { Settings } from '../world/settings.ts'
import type { SimTime } from '../world/time.ts'
import { AnswerCheck } from './answer_check.ts'
import { BreakerCheck } from './breaker_check.ts'
import { ContentCheck } from './content_check.ts'
import type { Findings } from './findings.ts'
import { JournalCheck } from './journal_check.ts'
import { KktCheck } from './kkt_check.ts'
import { LeaseCheck } from './lease_check.ts'
import { logWatch } from './log_check.ts'
import { OfdCheck } from './ofd_check.ts'
import { PutRightAnswers } from './put_right_answers.ts'
import { PutRightCheck } from './put_right_check.ts'
import { RefundCheck } from './refund_check.ts'
import { Receipts } from './tracked.ts'

export type Checks = ReturnType<typeof createChecks>

type Observed = {
  rig: Rig
  settings: Settings
  time: SimTime
  findings: Findings
  /** Of the tills' settings. The last one holds. */
  versions: readonly TillsFile[]
}

/** The checks that watch a world. */
export function createChecks({ rig: { journalDisk, kktDisk }, settings, time, findings, versions }: Observed) {
  const receipts = new Receipts(() => versions.length - 1)
  const contents = new ContentCheck({ findings, receipts, versions })
  const watched = { findings, receipts, contents, kkt: () => kkt, mayForget: () => journal.prunes.originals }
  const putRights = new PutRightCheck({ ...watched, newestVersion: () => versions.length - 1 })
  const refunds = new RefundCheck(journalDisk.db, { ...watched, putRights })
  const nowMs = () => time.nowMs
  const { maxUndelivered, maxRetryAttempts, ofdLookup } = settings
  const journal: JournalCheck = new JournalCheck(journalDisk.db, {
    findings,
    receipts,
    contents,
    putRights,
    refunds,
    maxUndelivered,
    maxRetryAttempts,
    kktId: KKT_ID,
    wallMs: time.wallMs,
  })
  const kkt: KktCheck = new KktCheck(kktDisk.db, { findings, receipts, journal })
  const taking = {
    findings,
    receipts,
    journal,
    diskFailures: () => journalDisk.failures,
    isDisplaced: () => journalDisk.isDisplaced,
  }
  const answers = new AnswerCheck(journalDisk.db, { ...taking, refunds })
  const putRightAnswers = new PutRightAnswers({ ...taking, putRights, kkt, turn: () => answers.turn })
  receipts.onPruned = (key) => {
    answers.told.delete(key)
    putRightAnswers.pruned(key)
  }
  return {
    receipts,
    contents,
    journal,
    kkt,
    answers,
    putRights,
    refunds,
    putRightAnswers,
    delivery: new OfdCheck({ findings, receipts, contents, journal, kkt, offersLookup: ofdLookup === 'offered' }),
    breaker: new BreakerCheck({
      findings,
      nowMs,
      threshold: settings.breakerThreshold,
      timeoutMs: settings.breakerTimeoutMs,
      noLookupStatus: ofdLookup === 'offered' ? null : ofdLookup,
    }),
    leases: new LeaseCheck({ findings }),
  }
}

/** The checks' view of the nodes. */
export const nodeWatch = ({
  delivery,
  receipts,
  breaker,
  leases,
  kkt,
  findings,
  redis,
}: Checks & { findings: Findings; redis: SimRedis }): Pick<NodeWatch, 'device' | 'sends' | 'logs' | 'started'> => ({
  logs: logWatch({ findings, receipts, breaker, leases }),
  device: (node) => kkt.watch(node),
  started: ({ name }) => breaker.started(name),
  sends(node, request) {
    const receipt = delivery.sends(node, request)
    if (receipt) breaker.sends(node, receipt)
    if (request.method === 'POST') leases.sends(node, redis)
  },
})
