import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import type { Cashier } from '../domain/customer.ts'
import { fiscalizerOf, setUp } from '../testing/fiscalizer_kit.ts'
import { content, fiscalDoc, freshKey, nextFd, token } from '../testing/kit.ts'
import { acceptedTask, closing } from '../testing/task_kit.ts'
import { CLOSE_AGAIN_MS, OwnClosings } from './own_closings.ts'

const NOBODY_SIGNS = { kind: 'refused', isLasting: true, reason: 'there is no cashier' } as const
const IVANOVA: Cashier = { name: 'Иванова А. А.', inn: '123654789507' }
const PETROV: Cashier = { name: 'Петров П. П.' }

/** A receipt waits behind a shift that has expired, at a KKT that makes no document without a cashier. */
async function expired() {
  const { journal, lease, clock, kkt, at } = setUp()
  const settings: { cashier: Cashier | null } = { cashier: null }
  const log: { event: string; detail?: string }[] = []
  const logger = createLogger('test', 'warn', (line) => log.push(JSON.parse(line)))
  const closings = new OwnClosings({ journal, lease, clock, logger, usualCashier: () => settings.cashier })
  const fiscalizer = fiscalizerOf({ journal, lease, clock, driver: kkt, closings })
  kkt.trouble = 'shift_expired'
  kkt.shift = { kind: 'expired', number: 1, openedAtMs: 0, expiresAtMs: 1 }
  const { onFiscalize } = kkt
  kkt.onFiscalize = (id, make) =>
    kkt.trouble === null
      ? onFiscalize(id, make)
      : Promise.resolve({ kind: 'refused', isLasting: false, reason: 'the shift is over' })
  kkt.onPerform = async ({ work }, perform) =>
    work.kind === 'close_shift' && work.cashier === null ? NOBODY_SIGNS : perform()
  const accept = async (cashier?: Cashier) => {
    const body = { ...content(), ...(cashier && { cashier }) }
    const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: body }))
    if (intake.kind !== 'accepted') throw new Error(`The receipt was not accepted: ${intake.kind}`)
    return intake.receipt.id
  }
  /** Journals a receipt that was printed in a shift. */
  const printed = async (cashier: Cashier, shiftNumber: number) => {
    const id = await accept(cashier)
    await journal.write((tx) => {
      tx.markPrinting(id)
      tx.recordPrinted(id, { ...fiscalDoc(nextFd()), shiftNumber }, 'printed')
    })
  }
  const steps = async (count: number) => {
    for (let step = 1; step < count; step++) await fiscalizer.runOnce()
    return await fiscalizer.runOnce()
  }
  const work = () => journal.tasks.list({ kind: 'close_shift', status: null }, null, 50).items.map((task) => task.work)
  return { journal, clock, kkt, at, settings, log, closings, accept, printed, steps, work }
}

describe('a closing by nobody that the KKT refuses for good', () => {
  test('is asked for every 10 minutes, and with pauses in between', async () => {
    const { kkt, clock, accept, steps } = await expired()
    await accept()
    expect(await steps(20)).toBe('blocked')
    expect(kkt.tasks.length).toBe(1)
    await clock.advance(CLOSE_AGAIN_MS - 1)
    expect([await steps(3), kkt.tasks.length]).toEqual(['blocked', 1])
    await clock.advance(1)
    expect([await steps(3), kkt.tasks.length]).toEqual(['blocked', 2])
  })

  test('is told in the log, with what to do', async () => {
    const { log, accept, steps } = await expired()
    await accept()
    await steps(20)
    const told = log.filter(({ event }) => event === 'shift_stays_open')
    expect(told).toMatchObject([{ shift: 1, detail: expect.stringContaining('set CASHIER_NAME') }])
  })

  test('keeps no closing back that has a cashier', async () => {
    const { journal, at, settings, accept, steps, work } = await expired()
    const id = await accept()
    await steps(9)
    settings.cashier = IVANOVA
    await steps(3)
    expect([at(id), work()[0]]).toEqual(['pending', closing(1, IVANOVA)])
    expect(journal.tasks.countWaiting()).toBe(0)
  })

  test('keeps none back that a person asks for', async () => {
    const { journal, at, accept, steps } = await expired()
    const id = await accept()
    await steps(9)
    await acceptedTask(journal, closing(1, PETROV), null)
    await steps(3)
    expect(at(id)).toBe('pending')
  })

  test('keeps none back of another shift or another FN', async () => {
    const { kkt, closings, accept, steps } = await expired()
    await accept()
    await steps(9)
    const { fnNumber } = kkt
    expect(await closings.accept({ fnNumber, shiftNumber: 1 }, token(1))).toBeNull()
    expect(await closings.accept({ fnNumber, shiftNumber: 2 }, token(1))).toMatchObject({ isNew: true })
    const inOther = { fnNumber: '9999000000000002', shiftNumber: 1 }
    expect(await closings.accept(inOther, token(1))).toMatchObject({ isNew: true })
  })
})

describe('the cashier of a closing for which nobody asked', () => {
  test('is that of the last receipt in its shift', async () => {
    const { at, accept, printed, steps, work } = await expired()
    await printed(PETROV, 1)
    await printed(IVANOVA, 1)
    const id = await accept(PETROV)
    await steps(4)
    expect([at(id), work()]).toEqual(['pending', [closing(1, IVANOVA)]])
  })

  test('is that of the settings first', async () => {
    const { settings, accept, printed, steps, work } = await expired()
    await printed(IVANOVA, 1)
    await accept()
    settings.cashier = PETROV
    await steps(4)
    expect(work()).toEqual([closing(1, PETROV)])
  })

  test('is none of an earlier shift', async () => {
    const { kkt, accept, printed, steps, work } = await expired()
    kkt.shift = { kind: 'expired', number: 2, openedAtMs: 0, expiresAtMs: 1 }
    await printed(IVANOVA, 1)
    await accept()
    await steps(4)
    expect(work()).toEqual([closing(2)])
  })
})
