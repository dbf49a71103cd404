/** The documents, and the parts of them that a reader can follow, copy or run. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'

export const root = resolve(import.meta.dir, '../../..')

/** The image that runs the tests in Compose holds no `.github`. */
export const isCheckout = existsSync(`${root}/.github`)

export type Fence = { language: string; text: string; line: number }
export type Document = { path: string; text: string }

const FENCE = /^```(\w*)\n(.*?)^```$/gms
const INLINE_CODE = /`([^`\n]+)`/g
const LINK = /\[(?:[^\]\n]|\n(?!\n))+\]\(([^)\s]+)\)/g
const HEADING = /^#{1,6} (.+)$/gm

export const documents: readonly Document[] = ['*.md', '.github/*.md', 'services/**/*.md', 'tests/**/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => name.includes('node_modules') }))
  .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }))

/** @throws Error when there is none at this path */
export function documentAt(path: string): Document {
  const found = documents.find((one) => one.path === path)
  if (!found) throw new Error(`there is no document ${path}`)
  return found
}

/** The blocks of code, in their order. */
export const fences = ({ text }: Pick<Document, 'text'>): Fence[] =>
  [...text.matchAll(FENCE)].map(({ 1: language = '', 2: code = '', index }) => ({
    language,
    text: code,
    line: text.slice(0, index).split('\n').length + 1,
  }))

const withoutFences = (text: string) => text.replaceAll(FENCE, '')

/** The code within sentences and tables, in which a table's `\|` is a `|`. */
export const inlineCode = ({ text }: Pick<Document, 'text'>): string[] =>
  [...withoutFences(text).matchAll(INLINE_CODE)].map(({ 1: code = '' }) => code.replaceAll('\\|', '|'))

export const links = ({ text }: Pick<Document, 'text'>): string[] =>
  [...withoutFences(text).matchAll(LINK)].map(({ 1: target = '' }) => target)

/** The anchors of its headings, as GitHub makes them. */
export const anchors = ({ text }: Pick<Document, 'text'>): string[] =>
  [...withoutFences(text).matchAll(HEADING)].map(({ 1: heading = '' }) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

/**
 * The dead links.
 * @param exists tells whether the repository has a path
 */
export function deadLinks(document: Document, all: readonly Document[], exists: (path: string) => boolean): string[] {
  return links(document).filter((target) => {
    if (/^https?:\/\//.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const to = path === '' ? document.path : posix.join(posix.dirname(document.path), path)
    if (anchor === undefined) return !exists(to)
    const other = all.find((one) => one.path === to)
    return !other || !anchors(other).includes(anchor)
  })
}

/** The rows of the table whose head begins with this cell, cell by cell. @throws Error when there is none */
export function tableRows({ path, text }: Document, firstHead: string, heading: string): string[][] {
  const from = `\n${text}`.indexOf(`\n${heading}\n`)
  const lines = text.slice(from).split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${firstHead} |`))
  if (from === -1 || start === -1) throw new Error(`${path} has no table of ${firstHead} below ${heading}`)
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
}
