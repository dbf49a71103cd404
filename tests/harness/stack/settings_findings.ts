import type { Finding } from './findings.ts'
import { mistypedSettings } from './mistyped.ts'
import { havePackages } from './packages.ts'
import { serviceRuntime } from './runtime.ts'
import { mergeSettings, readDefaults, readOwnSettings, type Settings } from './settings.ts'
import { Stop } from './stop.ts'

type Env = Readonly<Record<string, string | undefined>>

const about = 'settings'

/** The doctor's findings about the names and values of the settings that a stack would be started with. */
export async function settingsFindings(root: string, env: Env): Promise<Finding[]> {
  try {
    const own = readOwnSettings(root)
    const settings = mergeSettings(readDefaults(root), own, env)
    const wrong = [...wrongRuntime(root, settings), ...(await wrongOfAdapter(root, settings))]
    const names = mistypedSettings(root, env)
    const findings: Finding[] = [
      ...wrong.map((said) => ({ state: 'wrong', about, said }) as const),
      ...names.map((said) => ({ state: 'note', about, said }) as const),
    ]
    return findings.length > 0 ? findings : [{ state: 'ok', about, said: wellSaid(root, Object.keys(own)) }]
  } catch (error) {
    if (error instanceof Stop) return [{ state: 'wrong', about, said: error.message }]
    throw error
  }
}

function wellSaid(root: string, own: string[]): string {
  const said = own.length > 0 ? `.env.test sets ${own.join(', ')}` : 'the defaults, and what the shell sets'
  return havePackages(root) ? said : `${said}; their values are checked when the packages are installed`
}

async function wrongOfAdapter(root: string, settings: Settings): Promise<string[]> {
  if (!havePackages(root)) return []
  const { wrongValues } = await import('./setting_values.ts')
  return wrongValues(settings)
}

function wrongRuntime(root: string, settings: Settings): string[] {
  try {
    serviceRuntime(root, settings)
    return []
  } catch (error) {
    if (error instanceof Stop) return [error.message]
    throw error
  }
}
