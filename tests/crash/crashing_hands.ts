/** The adapter's hands, with something that is told of every point that they pass. */

import type { Hands } from '@kkt/adapter/src/run.ts'
import type { Database, Statement } from '@kkt/adapter/src/sqlite/database.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { type Asked, type Point, type Step, stepOf } from './points.ts'

type Reach = (point: Point) => void

/** After so long a request has left, and an OFD that answers has answered. */
const IN_FLIGHT_MS = 20

export function watchedDatabase(db: Database, reach: Reach): Database {
  /** What the transaction under way holds. */
  const held = new Set<Step>()

  function commit(): void {
    for (const step of held) reach(`${step}.before_commit`)
    db.exec('COMMIT')
    for (const step of held) reach(`${step}.after_commit`)
  }

  /** A statement that is a step. Outside of a transaction it is one of its own. */
  function carryOut<T>(step: Step, work: () => T, hasChanged: (result: T) => boolean): T {
    const isAlone = !db.inTransaction
    if (isAlone) reach(`${step}.before_commit`)
    const result = work()
    if (isAlone) reach(`${step}.after_commit`)
    else if (hasChanged(result)) held.add(step)
    return result
  }

  return {
    exec(sql) {
      if (sql === 'COMMIT') commit()
      else db.exec(sql)
      const step = stepOf(sql)
      if (step) held.add(step)
      if (!db.inTransaction) held.clear()
    },
    prepare<Row>(sql: string): Statement<Row> {
      const statement = db.prepare<Row>(sql)
      const step = stepOf(sql)
      if (step === null) return statement
      const isQuestion = sql.startsWith('SELECT')
      return {
        get: (...values) =>
          carryOut(
            step,
            () => statement.get(...values),
            (row) => isQuestion || row !== undefined,
          ),
        all: (...values) =>
          carryOut(
            step,
            () => statement.all(...values),
            (rows) => isQuestion || rows.length > 0,
          ),
        run: (...values) =>
          carryOut(
            step,
            () => statement.run(...values),
            (changes) => changes > 0,
          ),
      }
    },
    get inTransaction() {
      return db.inTransaction
    },
    assertInPlace: db.assertInPlace,
    close: () => db.close(),
  }
}

export function watchedSend(send: Hands['send'], reach: Reach, clock: Clock): Hands['send'] {
  return async (request, ...way) => {
    const asked: Asked = request.method === 'POST' ? 'submission' : 'ofd_lookup'
    reach(`${asked}.before_it_leaves`)
    const reply = send(request, ...way)
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
}

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
