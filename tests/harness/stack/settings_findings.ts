import { type Finding, note, ok, wrong } from './findings.ts'
import { mistypedSettings } from './mistyped.ts'
import { havePackages } from './packages.ts'
import { serviceRuntime } from './runtime.ts'
import { mergeSettings, readDefaults, readOwnSettings, type Settings } from './settings.ts'
import { messageOfStop } from './stop.ts'

type Env = Readonly<Record<string, string | undefined>>

const about = 'settings'

/** The doctor's findings about the names and values of the settings that a stack would be started with. */
export async function settingsFindings(root: string, env: Env): Promise<Finding[]> {
  const findings: Finding[] = []
  const unread = await messageOfStop(async () => {
    const own = readOwnSettings(root)
    const settings = mergeSettings(readDefaults(root), own, env)
    const badRuntime = await messageOfStop(() => serviceRuntime(root, settings))
    const bad = [...(badRuntime === null ? [] : [badRuntime]), ...(await wrongOfAdapter(root, settings))]
    findings.push(
      ...bad.map((said) => wrong(about, said)),
      ...mistypedSettings(root, env).map((said) => note(about, said)),
    )
    if (findings.length === 0) findings.push(ok(about, wellSaid(root, Object.keys(own))))
  })
  return unread === null ? findings : [wrong(about, unread)]
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
