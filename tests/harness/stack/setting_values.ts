/** What the adapter will say of the settings. It reads them by installed packages, so a command imports this file late. */
import { parseConfig } from '@kkt/adapter/src/config.ts'
import { BadSettings } from '@kkt/platform/settings.ts'
import type { Settings } from './settings.ts'

/** The stack sets it itself, to its own OFD. */
const OFD_API_URL = 'http://127.0.0.1:9000'

/** A line for each setting whose value the adapter refuses to start with. */
export function wrongValues(settings: Settings): string[] {
  try {
    parseConfig({ ...settings, OFD_API_URL })
    return []
  } catch (error) {
    if (error instanceof BadSettings) return error.lines
    throw error
  }
}
