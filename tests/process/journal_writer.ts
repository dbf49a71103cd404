/** Another process on a buffer: `journal_writer.ts <buffer> <first FD> <receipts>`. Prints how often it had to wait too long. */
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { carryThrough } from './journal_load.ts'

const [path = '', firstFd, receipts] = process.argv.slice(2)
const journal = createJournal(openDatabase(path), { clock: systemClock, maxUndelivered: 1_000_000 })
const timesBusy = await carryThrough(journal, { firstFd: Number(firstFd), receipts: Number(receipts), atOnce: 1 })
journal.close()
process.stdout.write(JSON.stringify(timesBusy))
