/** The adapter's hands, which report each crash point that they pass. */

import type { TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { Hands } from '@kkt/adapter/src/run.ts'
import type { Database, SqlValue, Statement } from '@kkt/adapter/src/sqlite/database.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import type { Asked, Point, Step } from './points.ts'
import { type Part, watchedVerbs } from './watched_verbs.ts'

type Reach = (point: Point) => void

/** By then a request has left, and an OFD that answers at once has answered. */
const IN_FLIGHT_MS = 20

/**
 * A database whose commits pass the crash points of the steps in them.
 * @param made the step of the commits made while the database is being opened
 */
function watchCommits(db: Database, made: Step, reach: Reach) {
  /** The steps in the current transaction. */
  const held = new Set<Step>()
  let isOpened = false

  function commit(): void {
    const steps = isOpened ? [...held] : [made]
    for (const step of steps) reach(`${step}.before_commit`)
    db.exec('COMMIT')
    for (const step of steps) reach(`${step}.after_commit`)
  }

  return {
    held,
    opened(): void {
      isOpened = true
    },
    watched: {
      ...db,
      exec(sql: string): void {
        if (sql === 'BEGIN IMMEDIATE') held.clear()
        if (sql === 'COMMIT') commit()
        else db.exec(sql)
      },
      get inTransaction() {
        return db.inTransaction
      },
    },
  }
}

/** The parts of pairs that the journal has met, by receipt. The KKT is told of none. */
export type Parts = Map<string, Part>

/** The kinds of the tasks that the journal has met. The KKT is told of a task's id alone at a look-up. */
export type Kinds = Map<string, TaskKind>

/** A journal whose commits pass the crash points of the verbs in them. */
export const watchedJournal =
  (
    create: Hands['createJournal'],
    reach: Reach,
    parts: Parts = new Map(),
    kinds: Kinds = new Map(),
  ): Hands['createJournal'] =>
  (db, deps) => {
    const { watched, held, opened } = watchCommits(db, 'journal_made', reach)
    const journal = create(watched, deps)
    opened()
    const ofPair = db.prepare<{ part: Part }>(
      `SELECT CASE WHEN reversal IS ?1 THEN 'reversal' ELSE 'right' END AS part FROM corrections
       WHERE reversal IS NOT NULL AND (correction_id = ?1 OR right_receipt = ?1)`,
    )
    const partOf = (id: string): Part | undefined => {
      const part = ofPair.get(id)?.part
      if (part) parts.set(id, part)
      return part
    }
    const journaled = db.prepare<{ task_id: string; kind: TaskKind }>('SELECT task_id, kind FROM tasks')
    for (const { task_id, kind } of journaled.all()) kinds.set(task_id, kind)
    return {
      ...journal,
      write: (work) => journal.write((tx) => work(watchedVerbs(tx, held, partOf, kinds))),
      takeUp: (work) => journal.takeUp((tx) => work(watchedVerbs(tx, held, partOf, kinds))),
    }
  }

type DeviceStep = 'device_signed' | 'device_printed' | 'device_looked_up' | 'performed' | 'looked_up'

/** The mock KKT has no verbs. The beginning of a statement tells its step, and that of a task its kind, too. */
const DEVICE_STEPS: readonly (readonly [string, DeviceStep])[] = [
  ['INSERT INTO documents ', 'device_signed'],
  ['UPDATE documents SET printed = 1 ', 'device_printed'],
  ['SELECT doc, printed, fd_number FROM documents ', 'device_looked_up'],
  ['INSERT INTO tasks ', 'performed'],
  ['SELECT fn_number, kind, result FROM tasks ', 'looked_up'],
]

/** A mock KKT whose commits pass the crash points of its steps. */
export const watchedKkt =
  (
    open: Hands['openMockKkt'],
    reach: Reach,
    parts: Parts = new Map(),
    kinds: Kinds = new Map(),
  ): Hands['openMockKkt'] =>
  (db, ...how) => {
    const { watched, held, opened } = watchCommits(db, 'device_made', reach)

    const prepared = new Set<DeviceStep>()

    /** The steps of a statement. The signing of a pair's receipt is one more. */
    function stepsOf(step: DeviceStep, values: readonly SqlValue[]): Step[] {
      if (step === 'performed' || step === 'looked_up') {
        const kind = kinds.get(String(values[0]))
        return kind === undefined ? [] : [`${kind}_${step}`]
      }
      if (step !== 'device_signed') return [step]
      const part = values.flatMap((value) => parts.get(String(value)) ?? [])
      return [step, ...part.map((one): Step => `${one}_signed`)]
    }

    /** Runs a statement that is a step. Outside a transaction it commits by itself. */
    function carryOut<T>(steps: readonly Step[], work: () => T): T {
      const isAlone = !db.inTransaction
      if (isAlone) for (const step of steps) reach(`${step}.before_commit`)
      const result = work()
      for (const step of steps) {
        if (isAlone) reach(`${step}.after_commit`)
        else held.add(step)
      }
      return result
    }

    function prepare<Row>(sql: string): Statement<Row> {
      const statement = db.prepare<Row>(sql)
      const step = DEVICE_STEPS.find(([beginning]) => sql.startsWith(beginning))?.[1]
      if (step === undefined) return statement
      prepared.add(step)
      return {
        get: (...values) => carryOut(stepsOf(step, values), () => statement.get(...values)),
        all: (...values) => carryOut(stepsOf(step, values), () => statement.all(...values)),
        run: (...values) => carryOut(stepsOf(step, values), () => statement.run(...values)),
      }
    }

    const kkt = open(Object.assign(watched, { prepare }), ...how)
    opened()
    const unseen = DEVICE_STEPS.find(([, step]) => !prepared.has(step))
    if (unseen) throw new Error(`The mock KKT prepares no statement that begins with "${unseen[0]}"`)
    return kkt
  }

/** Sends a request that passes its points, if it has any. */
async function watchedRequest(
  asked: Asked | null,
  send: () => Promise<Response>,
  { reach, clock }: { reach: Reach; clock: Clock },
): Promise<Response> {
  if (asked === null) return await send()
  reach(`${asked}.before_it_leaves`)
  const reply = send()
  const over = new AbortController()
  const settled = reply.then(
    () => undefined,
    () => undefined,
  )
  await Promise.race([settled, clock.wait(IN_FLIGHT_MS, over.signal)])
  over.abort()
  reach(`${asked}.in_flight`)
  const response = await reply
  reach(`${asked}.after_reply`)
  return response
}

export const watchedSend =
  (send: Hands['send'], reach: Reach, clock: Clock): Hands['send'] =>
  async (request, ...way) => {
    const asked = request.method === 'POST' ? 'submission' : 'ofd_lookup'
    return await watchedRequest(asked, () => send(request, ...way), { reach, clock })
  }

/** The tasks that leave nothing behind: they read the FN or the registration, or finish paper. */
const READING = ['getFnDocument', 'getRegistrationInfo', 'continuePrint', 'printFnDocument']
const RECEIPT = /^(sell|buy)(Return)?(Correction)?$/
const queued = z.object({ request: z.array(z.looseObject({ type: z.string() })) })

/** A receipt, another task, or a question for the service of a register. Null for what has no points. */
async function askedOfRegister(request: Request): Promise<Asked | null> {
  const { pathname } = new URL(request.url)
  if (pathname.includes('/operations/')) return 'question'
  if (request.method === 'GET') return /\/requests\/[^/]+$/.test(pathname) ? 'result' : null
  if (request.method !== 'POST' || !pathname.endsWith('/requests')) return null
  const [task] = queued.parse(await request.clone().json()).request
  if (task === undefined || READING.includes(task.type)) return 'reading'
  return RECEIPT.test(task.type) ? 'receipt_request' : 'task_request'
}

export const watchedSendToKkt =
  (send: Hands['sendToKkt'], reach: Reach, clock: Clock): Hands['sendToKkt'] =>
  async (request, way) =>
    await watchedRequest(await askedOfRegister(request), () => send(request, way), { reach, clock })

export function watchedServe(serve: Hands['serve'], reach: Reach): Hands['serve'] {
  const isSale = ({ method, url }: Request) => method === 'POST' && new URL(url).pathname === '/v1/kkt/receipt'
  return (handle, options) =>
    serve(async (request) => {
      const response = await handle(request)
      if (!isSale(request)) return response
      reach('answer.before_it_leaves')
      setImmediate(() => reach('answer.after_it_left'))
      return response
    }, options)
}
