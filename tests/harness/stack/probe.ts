import type { HttpService } from './services.ts'
import { portSetting, type Settings } from './settings.ts'

/** A probe that takes longer has failed. */
const PROBE_MS = 1_000

/** Whether a service reports that it is healthy. */
export async function answersOk(service: HttpService, settings: Settings): Promise<boolean> {
  const url = `http://127.0.0.1:${portSetting(settings, service.portVariable)}${service.healthPath}`
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}
