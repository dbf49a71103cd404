import type { Status } from '@kkt/adapter/src/domain/state.ts'
import type { World } from '../world/world.ts'

/**
 * The time in which everything settles after it is mended. The lease of a silent holder is free after 3 s and taken within 1 s.
 * A KKT or a disk that failed is asked again within 5 s. Each receipt prints for 0.3 s. A request to the OFD is cut off after
 * 30 s at most and settled 5 s later. A breaker is open for 5 s, and a till's receipts wait for 3 s. Another host stays in Redis
 * for 20 s at most, or 8 s longer where it died. A waiting host gets the lease when nothing is under way. A token from a clock
 * that is a day ahead is overtaken after 17 refusals, each of which opens a breaker.
 */
const SETTLED_WITHIN_MS = 180_000
const STEP_MS = 1000
/** The time for which another host comes at the end. It must get its turns. */
const VISIT_MS = 60_000

/** Mends everything. Dead letters stay dead letters. */
export async function mend({ rig, ofd, redis, nodes, time }: World): Promise<void> {
  ofd.heal()
  redis.heal()
  rig.kkt.faults.reset()
  rig.journalDisk.fault = null
  rig.kktDisk.fault = null
  for (const node of nodes) {
    if (node.isDisplaced) node.crash()
    node.strikes.disarm()
    node.kktAnswersInMs = 0
    node.resume()
    node.start()
  }
  await time.rest()
}

/** Checks that every receipt comes to its end, after `mend`. @throws Restless */
export async function checkLiveness(world: World): Promise<void> {
  const { time, findings, nodes } = world
  const endMs = time.nowMs + SETTLED_WITHIN_MS
  const visit = world.settings.hasRedis ? world.redis.visit(VISIT_MS, false) : null
  const unserved = () => (visit?.isServed === false ? [`${visit.name} waits for the lease`] : [])
  const all = () => [...open(world), ...unserved()]
  while (all().length > 0 && time.nowMs < endMs && findings.violations.length === 0) {
    await time.pass(STEP_MS)
    // A node that was stopping has ended by now.
    for (const node of nodes) node.start()
  }
  for (const what of all()) {
    findings.violated('liveness', `${what}, ${SETTLED_WITHIN_MS / 1000} s after everything was mended`)
  }
  compare(world)
  await compareStatus(world)
  await compareContents(world)
}

/** Receipts that are looked at in the end of each history. */
const MOST_SHOWN = 5

/** Each node shows the receipts as they were sent. */
async function compareContents({ nodes, receipts, contents, time }: World): Promise<void> {
  const [node] = nodes
  for (const receipt of receipts.kept.slice(-MOST_SHOWN)) {
    void node?.ask(new Request(`http://localhost/v1/kkt/receipt/${receipt.id}`)).then((answer) => {
      if (answer?.status === 200) contents.shown(receipt, answer.text)
    })
  }
  await time.rest()
}

/** Everything that has not come to its end yet. */
function open({ receipts, kkt, nodes, journal }: World): string[] {
  const unsettled = [...receipts.all.values()]
    .filter(({ status }) => !['synced', 'refused', 'failed', 'closed'].includes(status))
    .map(({ key, status }) => `${key} is ${status}`)
  const withoutPaper = kkt.withoutPaper().map((key) => `${key} is not on paper`)
  const unheard = journal.withoutPaper > 0 ? [`the paper of ${journal.withoutPaper} is unheard of`] : []
  const holders = nodes.filter(({ fencingToken }) => fencingToken !== null)
  const unheld = holders.length === 1 && holders[0]?.self === journal.holder ? [] : [`${holders.length} hold the lease`]
  const down = nodes.filter((node) => !node.listens || node.isStopping).map(({ name }) => `${name} does not serve`)
  return [...unsettled, ...withoutPaper, ...unheard, ...unheld, ...down]
}

/** The journal, the FN, the OFD and the tills agree about each receipt. */
function compare({ receipts, kkt, delivery, findings, journal, answers, putRights }: World): void {
  journal.compareBooks()
  answers.compare()
  putRights.compare()
  for (const { id, key, status, wasDeadLettered } of receipts.all.values()) {
    const isMade = kkt.fdOf.has(id)
    const times = delivery.ledger.filter(({ receiptId }) => receiptId === id).length
    if (isMade !== (status !== 'refused')) {
      findings.violated('invariant 2', `${key} is ${status}, and its document is ${isMade ? '' : 'not '}in the FN`)
    }
    if (status === 'synced' && times !== 1)
      findings.violated('invariant 4', `${key} is synced, and ${times} times there`)
    if (times > 1 || (times === 1 && status !== 'synced' && !wasDeadLettered)) {
      findings.violated('invariant 4', `${key} is ${status}, and ${times} times at the OFD`)
    }
    findings.count('ends of receipts', status)
  }
}

/** Each node reports the true status of the buffer. */
async function compareStatus({ nodes, receipts, findings, time }: World): Promise<void> {
  const count = (status: Status) => receipts.kept.filter((receipt) => receipt.status === status).length
  const expected = {
    total_receipts: receipts.kept.length,
    unprinted: 0,
    unknown: 0,
    without_paper: 0,
    pending: 0,
    syncing: 0,
    current_queued: 0,
    synced: count('synced'),
    failed: count('failed'),
    closed: count('closed'),
  }
  for (const node of nodes) {
    void node.ask(new Request('http://localhost/v1/kkt/buffer/status')).then((answer) => {
      const said: object = answer?.status === 200 ? JSON.parse(answer.text) : {}
      const wrong = Object.entries(expected).filter(([name, value]) => Reflect.get(said, name) !== value)
      for (const [name, value] of wrong) {
        findings.violated('counters', `${node.name} says ${name} ${Reflect.get(said, name)}, and it is ${value}`)
      }
    })
  }
  await time.rest()
}
