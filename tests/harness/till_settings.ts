/** The contents of TILLS_FILE, one version after the other. */
import type { TillSettings } from './completed.ts'

/** The tills without an entry have that of `*`, and so does what an entry leaves out. */
export type TillsFile = Readonly<Record<string, TillSettings>>

/** The settings that differ, in turns. Each version names other people, so that versions are told apart. */
const OF_ALL: readonly TillSettings[] = [
  { place: 'Магазин № 3', address: 'Москва, ул. Лесная, 1' },
  { taxation_system: 'usn_income', sender_email: 'shop@shop.example' },
  { taxation_system: 'osn' },
  { taxation_system: 'patent', place: 'Киоск', payment_object: 'service', measure: 'other' },
]

/**
 * @param version from 0
 * @param till has settings of its own
 */
export function tillsFile(version: number, till: string): TillsFile {
  const cashier = { name: `Иванова А. А., ${version}` }
  return {
    '*': { ...OF_ALL[version % OF_ALL.length], cashier },
    [till]: { cashier: { name: `Петров П. П., ${version}`, inn: '123456789012' }, payment_object: 'another' },
  }
}

export const settingsOf = (file: TillsFile, posId: string): TillSettings => ({ ...file['*'], ...file[posId] })
