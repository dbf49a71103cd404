import { BadSettings } from '@kkt/platform/settings.ts'
import { parseConfig } from '../config.ts'

/** The error lines about an environment. */
export function complaints(env: Record<string, string>): string[] {
  try {
    parseConfig(env)
  } catch (error) {
    if (error instanceof BadSettings) return error.lines
    throw error
  }
  return []
}
