import { existsSync, globSync, readFileSync } from 'node:fs'

export type Source = {
  /** From the repository's root. */
  path: string
  text: string
  /** The text with comments and all between quotes or a regular expression's slashes made blank, line for line. */
  code: string
}

export type Finding = { path: string; line: number; why: string }

/** Files written by hand. The image that runs the tests in Compose holds less of it than a checkout does. */
export const readSources = (root: string): Source[] =>
  globSync(
    [
      'services/**/*.{ts,tsx,js,css,htm,sql,yml,json,md}',
      'services/Dockerfile',
      'tests/**/*',
      '*.{json,yml,md}',
      'Makefile',
    ],
    {
      cwd: root,
      withFileTypes: true,
      exclude: ({ name }) => name === 'node_modules' || /^dist\b/.test(name),
    },
  )
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length + 1))
    .concat(globSync('.github/**/*.{yml,md}', { cwd: root }))
    .filter((path) => existsSync(`${root}/${path}`))
    .sort()
    .map((path) => source(path, readFileSync(`${root}/${path}`, 'utf8')))

export const source = (path: string, text: string): Source => ({ path, text, code: blanked(text) })

export const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//
const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/
/** A slash begins one where no value can stand before it to be divided. */
const REGEX = /(?<=[(,=:[!&|?{};]\s*|return )\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//
/** Comments, strings and regular expressions. */
export const NOT_CODE = new RegExp(`${COMMENT.source}|${STRING.source}|${REGEX.source}`, 'g')

const blanked = (text: string) =>
  text.replace(NOT_CODE, (part) =>
    /^\/[/*]/.test(part) ? blank(part) : `${part[0]}${blank(part.slice(1, -1))}${part.at(-1)}`,
  )

const blank = (text: string) => text.replace(/[^\n]/g, ' ')

export const isTest = (path: string): boolean => path.endsWith('.test.ts')
export const isScript = (path: string): boolean => /\.tsx?$/.test(path)
/** A service's code without its tests and what serves tests alone. */
export const ships = (path: string): boolean =>
  path.startsWith('services/') && isScript(path) && !isTest(path) && !/\/testing(\.ts$|\/)/.test(path)
