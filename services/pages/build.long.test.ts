import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { newFolder } from '@kkt/platform/testing.ts'
import { buildPages, isStale } from './build.ts'

const PAGES = [
  ['adapter', 150 * 1024],
  ['mock', 50 * 1024],
] as const

const folder = newFolder('pages')
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

test('the same sources make the same names, and files of an earlier build go', async () => {
  const namesOfAll = () => PAGES.flatMap(([page]) => namesOf(page))
  const before = namesOfAll()
  for (const [page] of PAGES) writeFileSync(`${built}/${page}/main.00000000.js`, 'earlier()')
  await buildPages(built)
  expect(namesOfAll()).toEqual(before)
})

test('two builds at once make what one makes, and leave nothing beside it', async () => {
  await withFolder(async (own) => {
    await Promise.all([buildPages(`${own}/dist`), buildPages(`${own}/dist`)])
    for (const [page] of PAGES) expect(readdirSync(`${own}/dist/${page}`)).toEqual(namesOf(page))
    expect(readdirSync(own)).toEqual(['dist'])
  })
})

test('a build that fails leaves nothing beside it', async () => {
  await withFolder(async (own) => {
    mkdirSync(`${own}/dist`)
    writeFileSync(`${own}/dist/mock`, 'not a folder')
    await expect(buildPages(`${own}/dist`)).rejects.toThrow('EEXIST')
    expect(readdirSync(own)).toEqual(['dist'])
  })
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
  await withFolder(async (own) => {
    await buildPages(own)
    expect(isStale(own)).toBe(false)
    utimesSync(`${own}/${page}/index.html`, 0, 0)
    expect(isStale(own)).toBe(true)
    rmSync(`${own}/${page}`, { recursive: true })
    expect(isStale(own)).toBe(true)
  })
})

/** Gives a folder of its own to a test that changes what is built. */
async function withFolder(work: (own: string) => Promise<void>): Promise<void> {
  const own = newFolder('pages')
  try {
    await work(own)
  } finally {
    rmSync(own, { recursive: true })
  }
}
