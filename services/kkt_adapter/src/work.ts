import type { Ground } from './adapter.ts'
import { createDelivery, type WorkDeps } from './delivery_of.ts'
import { createJournalLease } from './lease/journal_lease.ts'
import { createFiscalizer } from './printing/fiscalize.ts'
import { OwnClosings } from './printing/own_closings.ts'
import { createShiftWatch } from './printing/shift_watch.ts'
import { createTaskDesk } from './printing/task_desk.ts'
import { ALL_OTHERS } from './tills_file.ts'

/** Makes the printer and the sender. Each is nudged when this process gets its lease. */
export function createWork(ground: Ground, deps: WorkDeps) {
  const { config, clock, random, logger, journal, driver } = ground
  const kktLease = createJournalLease({ journal, clock, logger, self: ground.self, name: config.kktId })
  ground.driverJournal?.open({ journal, lease: kktLease })
  const { delivery, senderLease, confirmer } = createDelivery(ground, kktLease, deps)
  const usualCashier = () => ground.tills.of(ALL_OTHERS).ofReceipt.cashier ?? null
  const closings = new OwnClosings({ journal, lease: kktLease, clock, logger, usualCashier })
  const fiscalizer = createFiscalizer({
    journal,
    driver,
    lease: kktLease,
    clock,
    logger,
    random,
    acceptedLoss: config.acceptedLoss,
    closings,
    onPrinted: delivery.nudge,
  })
  const { kkt: settings } = config
  const desk = createTaskDesk({ journal, driver, fiscalizer, clock, settings, usualCashier })
  const shiftWatch = createShiftWatch({
    journal,
    driver,
    lease: kktLease,
    clock,
    logger,
    settings,
    closings,
    onAccepted: fiscalizer.nudgeTasks,
  })
  kktLease.onTaken(() => {
    fiscalizer.nudge()
    confirmer?.nudge()
    delivery.takeOver()
    senderLease?.nudge()
  })
  return { kktLease, senderLease, delivery, fiscalizer, desk, shiftWatch, confirmer }
}
