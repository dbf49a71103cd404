/**
 * `plainjob.js <file> <at once> <seconds>`: has plainjob take jobs of a receipt's size, so many at a time, and do them.
 * Prints how many were done, how many a second, and what that took of the processors in µs. JavaScript, because a
 * checkout has neither the package nor its types until the row is measured.
 */
import { Database } from 'bun:sqlite'
import { bun, defineQueue, defineWorker } from 'plainjob'
import { beginTally } from '../ceilings/tally.ts'
import { contentOf } from '../sales.ts'

const [path, atOnce, seconds] = process.argv.slice(2)
const noLog = () => {}
const logger = { debug: noLog, info: noLog, warn: noLog, error: noLog }

const db = new Database(path, { strict: true })
const queue = defineQueue({ connection: bun(db), logger })
// It has set NORMAL, with which the last commits are lost when the power fails.
db.exec('PRAGMA synchronous = FULL')

const tally = beginTally()
let done = 0
let asked = 0

function ask() {
  const jobs = Array.from({ length: Number(atOnce) }, (_, index) => contentOf(asked + index))
  asked += jobs.length
  queue.addMany('receipt', jobs)
}

const worker = defineWorker('receipt', noLog, {
  queue,
  logger,
  onCompleted() {
    done += 1
    if (done < asked) return
    if (tally.isOver(seconds)) void worker.stop()
    else ask()
  },
  onFailed(_job, error) {
    throw new Error(`A job failed: ${error}`)
  },
})
ask()
await worker.start()
tally.tell(done)
queue.close()
