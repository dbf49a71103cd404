import type { TillsFile } from '../../harness/till_settings.ts'
import type { Disk } from '../world/disk.ts'
import type { NodeWatch } from '../world/ground.ts'
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
import { RegisterCheck } from './register_check.ts'
import { Subjects } from './subjects.ts'
import { TaskAnswers } from './task_answers.ts'
import { TaskCheck } from './task_check.ts'
import { Receipts } from './tracked.ts'

export type Checks = ReturnType<typeof createChecks>

type Observed = {
  rig: Rig
  settings: Settings
  time: SimTime
  findings: Findings
  /** Of the tills' settings. The last one holds. */
  versions: readonly TillsFile[]
  /** How often the KKT could not be asked. */
  kktFailures: () => number
}

/** The checks that watch a world. */
export function createChecks({
  rig: { journalDisk, kktDisk, register },
  settings,
  time,
  findings,
  versions,
  kktFailures,
}: Observed) {
  const receipts = new Receipts(() => versions.length - 1)
  const contents = new ContentCheck({ findings, receipts, versions })
  const { disk: registerDisk } = settings.kkt === 'atol' ? register() : { disk: kktDisk }
  const subjects = settings.kkt === 'atol' ? new Subjects(() => [...receipts.all.keys(), ...tasks.all.keys()]) : null
  const watched = { findings, receipts, contents, kkt: () => kkt, mayForget: () => journal.prunes.originals }
  const putRights = new PutRightCheck({ ...watched, newestVersion: () => versions.length - 1 })
  const refunds = new RefundCheck(journalDisk.db, { ...watched, putRights })
  const tasks: TaskCheck = new TaskCheck(
    { journalDb: journalDisk.db, kktDb: registerDisk.db },
    { findings, journal: () => journal, subjects },
  )
  const { maxUndelivered, maxRetryAttempts, ofdLookup } = settings
  const journal: JournalCheck = new JournalCheck(journalDisk.db, {
    findings,
    receipts,
    contents,
    putRights,
    refunds,
    tasks,
    kkt: () => kkt,
    maxUndelivered,
    maxRetryAttempts,
    kktId: KKT_ID,
    kktDelivers: settings.kkt === 'atol',
    wallMs: time.wallMs,
  })
  const kkt: KktCheck = new KktCheck(registerDisk.db, { findings, receipts, tasks, journal, subjects })
  const taking = { findings, receipts, journal, ...disturbances(journalDisk) }
  const answers = new AnswerCheck(journalDisk.db, { ...taking, refunds, tasks, kkt })
  const turn = () => answers.turn
  const taskAnswers = new TaskAnswers({ ...taking, tasks, kkt, turn, kktFailures })
  tasks.onPruned = (key, commit) => {
    answers.told.delete(key)
    taskAnswers.pruned(key, commit)
  }
  const putRightAnswers = new PutRightAnswers({ ...taking, putRights, kkt, turn })
  receipts.onPruned = (key, commit) => {
    taskAnswers.pruned(key, commit)
    answers.told.delete(key)
    putRightAnswers.pruned(key)
  }
  const delivery = new OfdCheck({ findings, receipts, contents, journal, kkt, offersLookup: ofdLookup === 'offered' })
  return {
    receipts,
    contents,
    journal,
    kkt,
    answers,
    putRights,
    refunds,
    putRightAnswers,
    tasks,
    taskAnswers,
    subjects,
    delivery,
    atRegister: new RegisterCheck({ findings, receipts, contents, tasks, kkt, subjects, delivery }),
    breaker: breakerCheckOf(settings, findings, time),
    leases: new LeaseCheck({ findings }),
  }
}

const disturbances = (journalDisk: Disk) => ({
  diskFailures: () => journalDisk.failures,
  isDisplaced: () => journalDisk.isDisplaced,
})

const breakerCheckOf = (settings: Settings, findings: Findings, time: SimTime) =>
  new BreakerCheck({
    findings,
    nowMs: () => time.nowMs,
    threshold: settings.breakerThreshold,
    timeoutMs: settings.breakerTimeoutMs,
    noLookupStatus: settings.ofdLookup === 'offered' ? null : settings.ofdLookup,
    namesReceipts: settings.ofdNamesReceipts,
  })

/** The checks' view of the nodes. */
export const nodeWatch = ({
  delivery,
  receipts,
  tasks,
  breaker,
  leases,
  kkt,
  findings,
  redis,
}: Checks & { findings: Findings; redis: SimRedis }): Pick<NodeWatch, 'device' | 'sends' | 'logs' | 'started'> => ({
  logs: logWatch({ findings, receipts, tasks, kkt, breaker, leases }),
  device: (node) => kkt.watch(node),
  started: ({ name }) => breaker.started(name),
  sends(node, request) {
    const receipt = delivery.sends(node, request)
    if (receipt) breaker.sends(node, receipt)
    if (request.method === 'POST') leases.sends(node, redis)
  },
})
