import type { Database } from '../sqlite/database.ts'
import { createDeliveryTransitions } from './delivery_transitions.ts'
import { createPrintTransitions } from './print_transitions.ts'
import type { TransitionDeps } from './transition.ts'
import { createUntold } from './untold.ts'

/** Every transition of a receipt, one function each. */
export function createTransitions(db: Database, deps: TransitionDeps) {
  return {
    ...createPrintTransitions(db, deps),
    ...createDeliveryTransitions(db, deps),
    ...createUntold(db, deps),
  }
}

export type Transitions = ReturnType<typeof createTransitions>
