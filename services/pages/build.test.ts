import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { buildPages, isStale } from './build.ts'

const MOST_GZIPPED_BYTES = 150 * 1024

const folder = mkdtempSync(`${tmpdir()}/pages-`)
const built = `${folder}/dist`
const read = (name: string) => readFileSync(`${built}/${name}`, 'utf8')

beforeAll(() => buildPages(built))
afterAll(() => rmSync(folder, { recursive: true }))

test('all files together stay within the budget of bytes, gzipped', () => {
  const bytes = readdirSync(built).reduce((sum, name) => sum + gzipSync(read(name)).length, 0)
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(MOST_GZIPPED_BYTES)
})

test('the page names each other file, and each has the hash of its content in its name', () => {
  const names = readdirSync(built).filter((name) => name !== 'index.html')
  const html = read('index.html')
  expect(names.map((name) => name.replace(/\.[a-z0-9]{8}\./, '.')).sort()).toEqual(['icon.svg', 'main.css', 'main.js'])
  for (const name of names) expect(html).toContain(`/_page/${name}"`)
  expect(html).not.toContain('{{')
})

test('the same sources make the same names', async () => {
  const before = readdirSync(built)
  await buildPages(built)
  expect(readdirSync(built)).toEqual(before)
  expect(readdirSync(folder)).toEqual(['dist'])
})

test('nothing comes from elsewhere, and nothing needs a looser policy', () => {
  const [html, css, js] = ['index.html', /css$/, /js$/].map((wanted) =>
    read(readdirSync(built).find((name) => (typeof wanted === 'string' ? name === wanted : wanted.test(name))) ?? ''),
  )
  expect(html).not.toMatch(/https?:|<style|\son\w+=|\sstyle=|<script(?! type="module" src="\/_page\/)/)
  expect(css).not.toMatch(/@import|url\(/)
  expect(js).not.toMatch(/\beval\(|new Function\(|document\.write/)
  // React's runtime for development says more, and costs more.
  expect(js).not.toContain('jsxDEV')
})

test('it is stale where a source is newer, or nothing was built', () => {
  expect(isStale(built)).toBe(false)
  utimesSync(`${built}/index.html`, 0, 0)
  expect(isStale(built)).toBe(true)
  expect(isStale(`${folder}/nowhere`)).toBe(true)
})
