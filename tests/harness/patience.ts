/** How long tests of real processes wait. A machine that shares its disk with others may take many times what an idle one takes. */

/** For a condition that comes true by itself. Only a test that fails spends it. */
export const PATIENT_MS = 60_000
/** For a whole test, so that the wait in it ends first and says what was missing. */
export const TEST_MS = 180_000
