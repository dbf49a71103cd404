/** The commands that documents tell a reader to run. */

import { parseRequest } from '../stack/args.ts'
import { COMMAND_NAMES, isOf, OPTIONS, type OptionName } from '../stack/options.ts'
import { chooseSuites } from '../stack/suites.ts'
import { type Document, documentAt, fences, inlineCode, root } from './documents.ts'
import { drivesStack } from './run_examples.ts'

/** A machine may lack Bun and Deno. Where they stand by name, they are looked at because nothing may name them so. */
const PROGRAMS =
  /^(?:[A-Z_0-9]+=\S+ )*(?:(?:make|docker|python3|tests\/harness\/(?:bun|deno|stack\/main))(?: |$)|(?:bun|bunx|deno|npx) \S)/
const OPTION_BY_VARIABLE = new Map(Object.entries(OPTIONS).map(([name, { variable }]) => [variable as string, name]))
/** Variables that make passes on beside those of OPTIONS. */
const ALSO_TAKEN = ['TEST_ARGS', 'RUNTIME']

/** Each command of a document, without the comment behind it. Blocks that drive the stack are run whole, by the integration tests. */
export const commandsOf = (document: Document): string[] => [
  ...fences(document)
    .filter(({ language, text }) => language === 'bash' && !drivesStack(text))
    .flatMap(({ text }) =>
      text
        .replaceAll(/ \\\n\s*/g, ' ')
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('#')),
    )
    .map((line) => line.replace(/ +#.*$/, '')),
  ...inlineCode(document).filter((code) => PROGRAMS.test(code)),
]

/** The commands of a section of the adapter's document, without single words. */
export function commandsUnder(title: string): string[] {
  const { path, text } = documentAt('services/kkt_adapter/README.md')
  const [, section = ''] = text.split(`\n${title}\n`)
  return commandsOf({ path, text: section.split('\n## ')[0] ?? '' }).filter((command) => !/^\S+$/.test(command))
}

/** The words of a command, as a shell reads them. */
export function wordsOf(command: string): string[] {
  const { stdout, exitCode } = Bun.spawnSync(['sh', '-c', `printf '%s\\0' ${command}`])
  if (exitCode !== 0) throw new Error(`a shell does not understand ${command}`)
  return stdout.toString().split('\0').slice(0, -1)
}

/** The fault of a make command, or undefined where there is none. @throws Stop */
export function wrongWithMake(command: string, settings: readonly string[]): string | undefined {
  const words = wordsOf(command)
  const variables = words.flatMap((word) => {
    const [, name, value] = /^([A-Z][A-Z_0-9]*)=(.*)$/s.exec(word) ?? []
    return name === undefined ? [] : [[name, value ?? ''] as const]
  })
  const [program, ...targets] = words.filter((word) => !/^[A-Z][A-Z_0-9]*=/.test(word))
  if (program !== 'make') return 'it does not begin with make'
  if (targets.length === 0) return undefined
  const [target] = targets
  const name = COMMAND_NAMES.find((one) => one === target)
  if (name === undefined || targets.length > 1) return `make has no target ${targets.join(' ')}`
  const request = parseRequest([name], Object.fromEntries(variables))
  if (request.command === 'test') chooseSuites(root, request)
  const strange = variables.filter(([variable]) => {
    const option = OPTION_BY_VARIABLE.get(variable)
    return option === undefined ? ![...settings, ...ALSO_TAKEN].includes(variable) : !isOf(option as OptionName, name)
  })
  return strange.length > 0 ? `${target} takes no ${strange.map(([variable]) => variable).join(', ')}` : undefined
}
