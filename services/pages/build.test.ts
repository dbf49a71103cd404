import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { buildPages, isStale } from './build.ts'

const PAGES = [
  ['adapter', 150 * 1024],
  ['mock', 50 * 1024],
] as const

const folder = mkdtempSync(`${tmpdir()}/pages-`)
const built = `${folder}/dist`
const namesOf = (page: string) => readdirSync(`${built}/${page}`)
const read = (page: string, name: string) => readFileSync(`${built}/${page}/${name}`, 'utf8')

beforeAll(() => buildPages(built))
afterAll(() => rmSync(folder, { recursive: true }))

test.each(PAGES)('all files of the %s’s page together stay within the budget of %p bytes, gzipped', (page, most) => {
  const bytes = namesOf(page).reduce((sum, name) => sum + gzipSync(read(page, name)).length, 0)
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(most)
})

test.each(PAGES)('the %s’s page names each other file, and each has the hash of its content in its name', (page) => {
  const names = namesOf(page).filter((name) => name !== 'index.html')
  const html = read(page, 'index.html')
  expect(names.map((name) => name.replace(/\.[a-z0-9]{8}\./, '.')).sort()).toEqual(['icon.svg', 'main.css', 'main.js'])
  for (const name of names) expect(html).toContain(`_page/${name}"`)
  expect(html).not.toContain('{{')
})

test('the same sources make the same names', async () => {
  const namesOfAll = () => PAGES.flatMap(([page]) => namesOf(page))
  const before = namesOfAll()
  await buildPages(built)
  expect(namesOfAll()).toEqual(before)
  expect(readdirSync(folder)).toEqual(['dist'])
})

test.each(PAGES)('nothing of the %s’s page comes from elsewhere, and nothing needs a looser policy', (page) => {
  const [html, css, js] = ['.html', '.css', '.js'].map((ending) =>
    read(page, namesOf(page).find((name) => name.endsWith(ending)) ?? ''),
  )
  expect(html).not.toMatch(/https?:|<style|\son\w+=|\sstyle=|<script(?! type="module" src="\/?_page\/)/)
  expect(css).not.toMatch(/@import|url\(/)
  expect(js).not.toMatch(/\beval\(|new Function\(|document\.write/)
  // React's runtime for development says more, and costs more.
  expect(js).not.toContain('jsxDEV')
})

test.each(PAGES)('it is stale where a source is newer than the %s’s page, or nothing was built', async (page) => {
  await buildPages(built)
  expect(isStale(built)).toBe(false)
  utimesSync(`${built}/${page}/index.html`, 0, 0)
  expect(isStale(built)).toBe(true)
  rmSync(`${built}/${page}`, { recursive: true })
  expect(isStale(built)).toBe(true)
})
