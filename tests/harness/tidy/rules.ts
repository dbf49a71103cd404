import { functionLengths } from './functions.ts'
import { deadFiles } from './imports.ts'
import { misplacedImports } from './layers.ts'
import { type Finding, isScript, isTest, type Source, ships } from './source.ts'
import { stiffLines } from './wording.ts'

/** A reader reads a screen or two as a whole. */
const MOST_FILE_LINES = 300
const MOST_FUNCTION_LINES = 60
/** A service's file holds one thing, and that one is read in a minute or two. */
const MOST_SERVICE_FILE_LINES = 250
/** A function with more functions within it shares more state among them than a reader keeps in mind. */
const MOST_WHOLE_FUNCTION_LINES = 90
/** The adapter's composition, the folders of a receipt's way, and the register in the adapter's process. */
const IN_FLOW =
  /^services\/(?:kkt_adapter\/src\/(?:(?:printing|delivery|lease|odoo|slip|metrics|http|live|kkt|domain|sqlite|journal)\/|[^/]+$)|mock_kkt\/(?:device|in_process)\/)/

/** The folders whose wording and literals are held to the two rules below. */
const PLAIN = ['services/', 'tests/']
/** Its made-up sources break the rules. */
const OF_THE_RULES = 'tests/harness/tidy.test.ts'
const isPlain = (path: string) => path !== OF_THE_RULES && PLAIN.some((folder) => path.startsWith(folder))

/** `why` says what is wrong and what to do instead. */
export type Rule = { why: string; find: (sources: Source[]) => Finding[] }

/** Each line of the sources that `applies` names, by what must not be in it. */
const lineRule = (
  why: string,
  rule: { in: 'code' | 'text'; forbids: RegExp; applies: (path: string) => boolean },
): Rule => ({
  why,
  find: (sources) =>
    sources
      .filter(({ path }) => rule.applies(path))
      .flatMap((source) => {
        const lines = source[rule.in].split('\n')
        return lines.flatMap((line, i) => (rule.forbids.test(line) ? { path: source.path, line: i + 1, why } : []))
      }),
})

/** Not sleeps: the clock and its test, the stack's own bounded wait, and time limits on what may never end. */
const TIMERS = ['services/platform/clock.ts', 'services/platform/clock.test.ts', 'tests/harness/stack/until.ts']
const TIME_LIMITS = ['tests/harness/http.ts', 'tests/harness/stack/run.ts']

/** Where a service is put together, and the two that read the time for all others. */
const MAY_READ_TIME = /^services\/platform\/(clock|logger)\.ts$|\/main\.ts$|^services\/fault_kit\/run_mock\.ts$/
/** Where chance is handed in, or a seed is drawn for a run that was given none. */
const MAY_DRAW = /\/main\.ts$|^services\/platform\/testing\.ts$/

const fileRule = (why: string, mostLines: number, applies: (path: string) => boolean): Rule => ({
  why,
  find: (sources) =>
    sources
      .filter(({ path }) => /\.(tsx?|js|sql)$/.test(path) && applies(path))
      .map(({ path, text }) => ({ path, line: text.trimEnd().split('\n').length, why }))
      .filter(({ line }) => line > mostLines),
})

const functionRule = (
  why: string,
  rule: { most: number; counts: 'own' | 'whole'; applies: (path: string) => boolean },
): Rule => ({
  why,
  find: (sources) =>
    sources
      .filter(({ path }) => isScript(path) && rule.applies(path))
      .flatMap((source) =>
        functionLengths(source)
          .filter((lengths) => lengths[rule.counts] > rule.most)
          .map(({ line }) => ({ path: source.path, line, why })),
      ),
})

const dead: Rule = {
  why: 'nothing needs this file (what ships must be imported by what ships): remove it',
  find: (sources) => deadFiles(sources).map((path) => ({ path, line: 1, why: dead.why })),
}

const layers: Rule = {
  why: 'the table of who may import whom (tidy/layers.ts) does not allow this import, or does not know this folder: move what is needed further down, or hand it in',
  find: (sources) => misplacedImports(sources, layers.why),
}

const plainComments: Rule = {
  why: 'a stranger reads this comment twice: begin no sentence with What, Who or Whoever as a noun, say because instead of for, and none of: anew, how manieth, of before, nought',
  find: (sources) =>
    sources
      .filter(({ path }) => isPlain(path))
      .flatMap((source) => stiffLines(source).map((line) => ({ path: source.path, line, why: plainComments.why }))),
}

export const RULES = {
  sleep: lineRule('time is not waited for: wait for a condition (eventually), or hand in a clock', {
    in: 'code',
    forbids: /(?<!\.)\bset(Timeout|Interval)\b|\bsleep(Sync)?\(|\bAtomics\.wait\b|\bsystemClock\.wait\b/,
    applies: (path) => isScript(path) && ![...TIMERS, ...TIME_LIMITS].includes(path),
  }),
  tooLongFiles: fileRule(
    `a file is at most ${MOST_FILE_LINES} lines long: split it by what its parts are about`,
    MOST_FILE_LINES,
    () => true,
  ),
  tooLongServiceFiles: fileRule(
    `a file of a service is at most ${MOST_SERVICE_FILE_LINES} lines long: split it by what its parts are about`,
    MOST_SERVICE_FILE_LINES,
    (path) => path.startsWith('services/') && !isTest(path),
  ),
  tooLongFunctions: functionRule(
    `a function is at most ${MOST_FUNCTION_LINES} lines long, those of functions within it not counted: split it`,
    { most: MOST_FUNCTION_LINES, counts: 'own', applies: () => true },
  ),
  tooLongWholeFunctions: functionRule(
    `a function of a receipt's way is at most ${MOST_WHOLE_FUNCTION_LINES} lines long, those of functions within it counted in: give its parts names, and state, of their own`,
    { most: MOST_WHOLE_FUNCTION_LINES, counts: 'whole', applies: (path) => IN_FLOW.test(path) && !isTest(path) },
  ),
  sql: lineRule('SQL is in journal/, sqlite/ and the mock cash register: give it a function there', {
    in: 'text',
    forbids: /^(?!\s*(\/?\*|\/\/)).*\b(SELECT\b.+\bFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA) /,
    applies: (path) => ships(path) && !/\/(journal|sqlite|mock_kkt\/device)\//.test(path),
  }),
  runtime: lineRule(
    "a runtime's own API is in platform's sockets_* and fetch_*, the SQLite driver, the pages' build and tests/harness: use what both have",
    {
      in: 'text',
      forbids: /^(?!\s*(\/?\*|\/\/)).*(\b(Bun|Deno)\.[a-z]|from '(bun|bun:(?!test')\w+|node:sqlite)')/,
      applies: (path) =>
        isScript(path) &&
        !/^services\/platform\/(listener\/sockets_|fetch_|\w+\.test)|\/sqlite\/sqlite_\w+\.ts$|^services\/pages\/build\.ts$|^tests\/harness\//.test(
          path,
        ),
    },
  ),
  time: lineRule('the time is handed in as a clock, so that a test can move it', {
    in: 'code',
    forbids: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
    applies: (path) => ships(path) && !MAY_READ_TIME.test(path),
  }),
  random: lineRule('chance is handed in or seeded, so that a run can be had again', {
    in: 'code',
    forbids: /\bMath\.random\b/,
    applies: (path) => isScript(path) && !MAY_DRAW.test(path),
  }),
  dead,
  layers,
  casts: lineRule('a type is checked, not claimed: parse it or narrow it', {
    in: 'code',
    forbids: /\bas unknown as\b|\bas any\b|[:<,|&]\s*any\b|\bas never\b/,
    applies: isScript,
  }),
  shadowed: lineRule('the runtimes have a global, or a type, of this name: name what differs', {
    in: 'code',
    forbids: /\b(?:type|class|interface|enum|const|let|function) (?:Request|Response|Process|Node|Event|File)\b/,
    applies: isScript,
  }),
  silenced: lineRule('a complaint of the compiler or the linter is mended, not silenced', {
    in: 'text',
    forbids: /@ts-(?:ignore|expect-error|nocheck)|biome-ignor[e]/,
    applies: (path) => isScript(path),
  }),
  unfinished: lineRule('work is finished or not begun', {
    in: 'text',
    forbids: /(?:\/\/|\/\*|^\s*\*|#).*\b(TO[D]O|FIX[M]E|HAC[K]|XX[X])\b/,
    applies: () => true,
  }),
  plainComments,
  literalSpreads: lineRule('a literal that is spread hides a wrong property: list its properties', {
    in: 'code',
    forbids: /\.\.\.\{/,
    applies: (path) => isPlain(path) && /\.(tsx?|js)$/.test(path),
  }),
  only: lineRule('a test that keeps others from running, or never runs itself, is not left behind', {
    in: 'code',
    forbids: /\b(test|describe|it)\.(only|skip|todo)\(/,
    applies: isTest,
  }),
  // Spelt so that the rule does not find itself.
  belongs: lineRule('the project speaks of itself alone: not of a machine it was on, nor of how it was made', {
    in: 'text',
    forbids:
      /(?<![\w./}])\/(work|home|Users|mnt)\/|\b(ghcr\.io|quay\.io|registry\.\w+\.\w+)\b|\b(ses{2}ions?|chat-?bot|co-?pilot|g[p]t|l{2}ms?)\b/i,
    applies: () => true,
  }),
} satisfies Record<string, Rule>
