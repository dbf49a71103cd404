/** Load for a journal without an adapter around it. */

import type { Journal, Tx } from '@kkt/adapter/src/journal/journal.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import { content, fiscalDoc } from '@kkt/adapter/src/testing/kit.ts'

type Load = {
  /** The first FD number. It also tells one load's keys from another's. */
  firstFd: number
  receipts: number
  atOnce: number
  /** Called after each `atOnce` receipts. */
  between?: () => void
}

/** Takes receipts from intake to delivery. Resolves to the number of times that another process held the lock for too long. */
export async function carryThrough(journal: Journal, { firstFd, receipts, atOnce, between }: Load): Promise<number> {
  let timesBusy = 0
  async function write<T>(work: (tx: Tx) => T): Promise<T> {
    for (;;) {
      try {
        return await journal.write(work)
      } catch (error) {
        if (!(error instanceof StorageFailure && error.code === 'SQLITE_BUSY')) throw error
        timesBusy += 1
      }
    }
  }

  async function carryOne(fd: number): Promise<void> {
    const taken = await write((tx) => tx.accept({ key: key(fd), content: content() }))
    if (taken.kind !== 'accepted') throw new Error(`Receipt ${fd} was not accepted: ${taken.kind}`)
    const { id } = taken.receipt
    await write((tx) => tx.markPrinting(id))
    await write((tx) => tx.recordPrinted(id, fiscalDoc(fd), 'printed'))
    await write((tx) => tx.markSyncing(id))
    await write((tx) => tx.recordSynced(id, `OFD-${fd}`))
  }

  for (let done = 0; done < receipts; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, i) => carryOne(firstFd + done + i)))
    between?.()
  }
  return timesBusy
}

const key = (fd: number) => `load-${fd}` as Parameters<Tx['accept']>[0]['key']
