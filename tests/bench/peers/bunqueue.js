/**
 * `bunqueue.js <file> <at once> <seconds>`: has bunqueue, embedded and with its durable option, take jobs of a receipt's
 * size, so many at a time, and do them. Prints how many were done, how many a second, and what that took of the processors
 * in µs. JavaScript, because a checkout has neither the package nor its types until the row is measured.
 */
import { Queue, Worker } from 'bunqueue/client'
import { beginTally } from '../ceilings/tally.ts'
import { contentOf } from '../sales.ts'

const [dataPath, atOnce, seconds] = process.argv.slice(2)
const queue = new Queue('receipts', { embedded: true, dataPath })
const worker = new Worker('receipts', async () => null, { embedded: true, dataPath, concurrency: Number(atOnce) })

const tally = beginTally()
let done = 0
let asked = 0

function ask() {
  const jobs = Array.from({ length: Number(atOnce) }, (_, index) => ({
    name: 'receipt',
    data: contentOf(asked + index),
    opts: { durable: true },
  }))
  asked += jobs.length
  return queue.addBulk(jobs)
}

await new Promise((resolve, reject) => {
  worker.on('error', reject)
  worker.on('failed', (_job, error) => reject(error))
  worker.on('completed', () => {
    done += 1
    if (done < asked) return
    if (tally.isOver(seconds)) resolve()
    else ask().catch(reject)
  })
  ask().catch(reject)
})
tally.tell(done)
await worker.close()
process.exit()
