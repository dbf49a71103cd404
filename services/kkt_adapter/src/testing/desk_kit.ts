/** A desk, a fiscalizer and a KKT of the test's own. */
import { NOBODY } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import type { WantedWork } from '../domain/wanted_work.ts'
import { setUp } from './fiscalizer_kit.ts'
import { freshKey } from './kit.ts'
import { testDesk } from './test_desk.ts'

export const WAIT_MS = 1000

/** The shift is open, as number 1, unless a test says otherwise. */
export function setUpDesk() {
  const parts = setUp()
  const { journal, kkt, fiscalizer, clock } = parts
  const desk = testDesk({ journal, driver: kkt, fiscalizer, clock, usualCashier: () => null })
  const submit = (work: WantedWork, key: IdempotencyKey | null = null) => desk.submit({ work, key }, NOBODY, WAIT_MS)
  /** Submits a task, and lets the KKT work until it has ended or a second has passed. */
  async function carryOut(work: WantedWork, key: IdempotencyKey | null = null) {
    const submitted = submit(work, key)
    for (let step = 0; step < 5; step++) {
      await clock.advance(0)
      await fiscalizer.runOnce()
    }
    await clock.advance(WAIT_MS)
    return await submitted
  }
  return {
    ...parts,
    desk,
    submit,
    carryOut,
    cashIn: (kopecks: number, key = freshKey()) =>
      carryOut({ kind: 'cash_in', amountKopecks: kopecks, reason: null }, key),
  }
}
