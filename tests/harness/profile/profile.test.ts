import { expect, test } from 'bun:test'
import { parseCpuProfile, topBySelf } from './cpu_profile.ts'
import { flameGraph } from './flame_graph.ts'

const node = (id: number, functionName: string, url: string, hitCount: number, children: number[] = []) => ({
  id,
  callFrame: { functionName, scriptId: '0', url, lineNumber: 4, columnNumber: 0 },
  hitCount,
  children,
})

const TEXT = JSON.stringify({
  nodes: [
    node(1, '(root)', '', 0, [2, 5]),
    node(2, 'a<b>', 'file:///root/services/a.ts', 1, [3, 4]),
    node(3, 'run', '', 5),
    node(4, '', 'file:///root/node_modules/zod/parse.js', 2),
    node(5, 'run', '', 2),
  ],
})

test('a call has the samples of all that it called, and its place from the root', () => {
  const top = parseCpuProfile(TEXT, '/root')
  expect(top).toMatchObject({ label: '(root)', kind: 'engine', samples: 10, selfSamples: 0 })
  expect(top.callees[0]).toMatchObject({ label: 'a<b> services/a.ts:5', kind: 'service', samples: 8, selfSamples: 1 })
  expect(top.callees[0]?.callees.map(({ label }) => label)).toEqual(['run', '(anonymous) zod/parse.js:5'])
  expect(() => parseCpuProfile('{}', '/root')).toThrow()
})

test('the top functions are told with their callers where the engine runs them', () => {
  expect(topBySelf(parseCpuProfile(TEXT, '/root'), 2)).toEqual([
    { label: 'run ← a<b> services/a.ts:5', percent: 50 },
    { label: '(anonymous) zod/parse.js:5', percent: 20 },
  ])
})

test('the flame graph is XML with a bar a call, nested and as wide as its share', () => {
  const svg = flameGraph(parseCpuProfile(TEXT, '/root'), 'a & b')
  expect(svg).toContain('a &amp; b')
  expect(svg).not.toContain('a<b>')
  expect(svg.match(/<g>/g)).toHaveLength(5)
  expect(svg).toContain('<title>a&lt;b&gt; services/a.ts:5: 80.0 %, itself 10.0 %</title>')
  expect(svg).toContain('<rect x="0.0" y="62" width="1280.0"')
  expect(svg).toContain('<rect x="1280.0" y="62" width="320.0"')
})

test('a bar too narrow for a letter has none', () => {
  const narrow = JSON.stringify({ nodes: [node(1, '(root)', '', 999, [2]), node(2, 'tiny', '', 1)] })
  expect(flameGraph(parseCpuProfile(narrow, '/root'), '')).not.toMatch(/<text[^>]*>t/)
})
