import { readFileSync } from 'node:fs'

/** As in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Takes each secret from the file that `NAME_FILE` names, if it is set. A process list and a container's description show
 * variables, and not what is in files.
 * @returns the environment with the secrets in it, and a line for each file that is wrong; no line holds a path or a text
 */
export function withSecretFiles(
  env: Environment,
  names: readonly string[],
): { env: Environment; wrong: readonly string[] } {
  const read: Record<string, string> = {}
  const wrong: string[] = []
  for (const name of names) {
    const path = env[`${name}_FILE`]
    if (path === undefined || path === '') continue
    if (env[name]) {
      wrong.push(`${name}_FILE is set, and so is ${name}: set one of the two`)
      continue
    }
    const text = textOf(path)
    if (text.kind === 'secret') read[name] = text.secret
    else wrong.push(`${name}_FILE is wrong (not shown): it takes a file ${text.why}`)
  }
  return { env: { ...env, ...read }, wrong }
}

function textOf(path: string): { kind: 'secret'; secret: string } | { kind: 'none'; why: string } {
  try {
    // Editors and `echo` end a file with a line break.
    const secret = readFileSync(path, 'utf8').trim()
    return secret === '' ? { kind: 'none', why: 'with the value in it' } : { kind: 'secret', secret }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    return { kind: 'none', why: `that this user may read${code}` }
  }
}
