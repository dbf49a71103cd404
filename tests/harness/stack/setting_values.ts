/** The adapter's verdict on the settings. It needs installed packages, so a command imports this file late. */
import { parseConfig } from '@kkt/adapter/src/config.ts'
import { BadSettings } from '@kkt/platform/settings.ts'
import type { Settings } from './settings.ts'

/** The stack sets this one itself, to its own OFD. */
const OFD_API_URL = 'http://127.0.0.1:9000'

/** A line for each setting whose value the adapter refuses. */
export function wrongValues(settings: Settings): string[] {
  try {
    parseConfig({ ...settings, OFD_API_URL })
    return []
  } catch (error) {
    if (error instanceof BadSettings) return error.lines
    throw error
  }
}
