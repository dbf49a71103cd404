/** The register as it is when it is asked: a document that it makes has a higher number in this FN. */
export type Before = { fnNumber: string; lastFdNumber: number }

/**
 * One asking of a register for a receipt or a task, counted from 1. It is on the disk before the register is asked. `isToldNotMade`:
 * an operator says that the register has made no document at it.
 */
export type Attempt = Before & { number: number; begunAtMs: number; isToldNotMade: boolean }
