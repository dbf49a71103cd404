import type { Status } from '@kkt/adapter/src/domain/state.ts'
import { z } from 'zod'
import { closeUntraced, settleReceipt, settleTask } from '../commands/operator.ts'
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
export async function mend({ rig, ofd, redis, nodes, time, taskAnswers, side }: World): Promise<void> {
  ofd.heal()
  redis.heal()
  rig.kkt.faults.reset()
  side?.heal()
  taskAnswers.kktIs(false)
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
    await settleAll(world)
    // A node that was stopping has ended by now.
    for (const node of nodes) node.start()
  }
  for (const what of all()) {
    findings.violated('liveness', `${what}, ${SETTLED_WITHIN_MS / 1000} s after everything was mended`)
  }
  compare(world)
  await compareStatus(world)
  await compareContents(world)
  await compareShift(world)
}

/** An operator says what nothing else can tell. */
async function settleAll(world: World): Promise<void> {
  const [node] = world.nodes
  if (!node) return
  void settleTask(world, node)
  void settleReceipt(world, node)
  void closeUntraced(world, node)
  await world.time.rest()
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
function open({ receipts, tasks, kkt, nodes, journal }: World): string[] {
  const unsettled = [...receipts.all.values()]
    .filter(({ status }) => !['synced', 'refused', 'failed', 'closed'].includes(status))
    .map(({ key, status }) => `${key} is ${status}`)
  const withoutPaper = kkt.withoutPaper().map((key) => `${key} is not on paper`)
  const toDo = tasks.open.map(({ id, status }) => `${tasks.name(id)} is ${status}`)
  const { printable } = journal.withoutPaper
  const unheard = printable > 0 ? [`the paper of ${printable} is unheard of`] : []
  const holders = nodes.filter(({ fencingToken }) => fencingToken !== null)
  const unheld = holders.length === 1 && holders[0]?.self === journal.holder ? [] : [`${holders.length} hold the lease`]
  const down = nodes.filter((node) => !node.listens || node.isStopping).map(({ name }) => `${name} does not serve`)
  return [...unsettled, ...toDo, ...withoutPaper, ...unheard, ...unheld, ...down]
}

/** The journal, the FN, the OFD and the tills agree about each receipt. */
function compare({ receipts, kkt, delivery, findings, journal, answers, putRights, tasks, taskAnswers }: World): void {
  journal.compareBooks()
  answers.compare()
  putRights.compare()
  tasks.compare()
  taskAnswers.compare()
  for (const { id, key, status, wasDeadLettered } of receipts.all.values()) {
    const isMade = kkt.fdOf.has(id)
    const times = delivery.timesOf(id)
    if (isMade !== (status !== 'refused')) {
      findings.violated('invariant 2', `${key} is ${status}, and its document is ${isMade ? '' : 'not '}in the FN`)
    }
    if (status === 'synced' && times !== 1)
      findings.violated('invariant 4', `${key} is synced, and ${times} times there`)
    // The FN of a receipt that an operator has closed was replaced before it told that the OFD has it.
    if (times > 1 || (times === 1 && status !== 'synced' && status !== 'closed' && !wasDeadLettered)) {
      findings.violated('invariant 4', `${key} is ${status}, and ${times} times at the OFD`)
    }
    findings.count('ends of receipts', status)
  }
}

const shiftForm = z.object({
  state: z.string(),
  number: z.int(),
  drawer: z.number().nullable(),
  drawer_counted_by: z.string().nullable(),
})

/** Each node tells the true shift and drawer. */
async function compareShift({ nodes, kkt, journal, findings, time }: World): Promise<void> {
  const { openShift, drawerKopecks } = kkt.books
  for (const node of nodes) {
    void node.ask(new Request('http://localhost/v1/kkt/shift')).then((answer) => {
      if (answer?.status !== 200) return
      const said = shiftForm.parse(JSON.parse(answer.text))
      const isRight =
        openShift === null ? said.state === 'closed' : said.number === openShift && said.state !== 'closed'
      if (!isRight)
        findings.violated('shifts', `${node.name} says ${said.state} ${said.number}, and it is ${openShift}`)
      if (said.drawer !== drawerKopecks / 100 || said.drawer_counted_by !== 'kkt')
        findings.violated('drawer', `${node.name} says ${said.drawer} roubles, and there are ${drawerKopecks} kopecks`)
    })
  }
  await time.rest()
  // The documents of shifts are removed together with the rest of receipts that refunds need.
  const missing = journal.prunes.originals ? [] : journal.shiftDocumentsMissing(kkt.shiftDocuments())
  for (const fd of missing) findings.violated('shifts', `document ${fd} of a shift is not in the journal`)
}

/** Each node reports the true status of the buffer. */
async function compareStatus({ nodes, receipts, journal, findings, time }: World): Promise<void> {
  const count = (status: Status) => receipts.kept.filter((receipt) => receipt.status === status).length
  const expected = {
    total_receipts: receipts.kept.length,
    unprinted: 0,
    unknown: 0,
    without_paper: journal.withoutPaper.n,
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
