import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { anchors, deadLinks, documentAt, documents, isCheckout, root } from './documents.ts'

const MOST_README_LINES = 160

describe.skipIf(!isCheckout)('in a checkout', () => {
  test.each(documents.map(({ path }) => path))('each link of %s leads somewhere', (path) => {
    expect(deadLinks(documentAt(path), documents, (to) => existsSync(`${root}/${to}`))).toEqual([])
  })

  test('each document can be reached from the README', () => {
    const readme = documentAt('README.md').text
    expect(
      documents.map(({ path }) => path).filter((path) => path !== 'README.md' && !readme.includes(`(${path}`)),
    ).toEqual([])
  })
})

test('the README is short', () => {
  expect(documentAt('README.md').text.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_README_LINES)
})

test('a link is dead when its file or its heading is missing', () => {
  const text = '# A b\n\n[a](#a-b) [b](c/d.md#e-f) [c](c/x.ts) [d](https://e.f)\n[e](#b) [f](c/d.md#g) [g\nh](c/y.ts)\n'
  const one = { path: 'x.md', text: `${text}\`\`\`ts\n[i](no.ts)\n\`\`\`\n` }
  const other = { path: 'c/d.md', text: '## E `f`\n' }
  expect(deadLinks(one, [one, other], (path) => path === 'c/x.ts')).toEqual(['#b', 'c/d.md#g', 'c/y.ts'])
})

test("anchors are GitHub's", () => {
  expect(anchors({ text: "# The OFD's side, `a_b`\n## C – d\n" })).toEqual(['the-ofds-side-a_b', 'c--d'])
})
