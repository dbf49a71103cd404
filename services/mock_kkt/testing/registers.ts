/** Registers for unit tests. */
import { onTestFinished } from 'bun:test'
import { newKktDatabase } from '@kkt/adapter/src/testing/memory_database.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { DeviceOptions } from '../device/open_device.ts'
import { openRegister } from '../device/open_register.ts'
import type { Made, NotMade, RegisterTrouble } from '../register.ts'

export const HOUR_MS = 3_600_000
export const CASHIER = { name: 'Иванова А. А.', inn: '123654789507' }

type Options = Partial<DeviceOptions> & { clock?: Clock; path?: string }

/** A register in a file, or in memory where no path is named. */
export function openAt({ clock = new TestClock(), path, ...options }: Options = {}) {
  const db = path === undefined ? newKktDatabase() : openDatabase(path)
  const register = openRegister(db, { kktNumber: 'KKT-007', ...options }, { clock })
  onTestFinished(() => register.close())
  return register
}

export function setUp(options: Partial<DeviceOptions> = {}) {
  const clock = new TestClock()
  return { clock, register: openAt({ clock, ...options }) }
}

/** The document that was made. */
export function made<Doc>(outcome: Made<Doc> | NotMade): Doc {
  if (outcome.kind === 'refused') throw new Error(`The register made no document: ${outcome.trouble}`)
  return outcome.doc
}

export const refused = (trouble: RegisterTrouble): NotMade => ({ kind: 'refused', trouble })
