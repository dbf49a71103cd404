import { expect, test } from 'bun:test'
import { lineOfJsonFault } from './json_fault.ts'
import { SEED, seededRandom } from './testing.ts'

const SOUND = `{
  "POS-1": { "cashier": { "name": "Иванова \\"А.\\" \\u0041" }, "list": [1, -2.5e+3, true, null, [], {}] },
  "*": {}
}
`

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a whole document has none', () => {
  for (const text of [SOUND, '1', ' "x"\n', '[]', 'null']) expect(lineOfJsonFault(text)).toBeNull()
})

test.each([
  ['a comma before the end', '{\n"a": 1,\n}', 3],
  ['a missing comma', '{\n"a": 1\n\n"b": 2\n}', 4],
  ['a missing colon', '{\n"a" 1\n}', 2],
  ['a key without quotes', '{\n"a": 1,\nb: 2\n}', 3],
  ['a text that goes on behind its line', '{\n"a": "x\n"\n}', 2],
  ['a comment', '// tills\n{}', 1],
  ['the wrong bracket', '{\n"a": [1\n}', 3],
  ['an end that is missing', '{\n"a": 1\n', 3],
  ['more behind the end', '{}\n\n{}', 3],
  ['nothing', '', 1],
  ['single quotes', "{\n'a': 1}", 2],
])('%s is told by its line', (_what, text, line) => {
  expect(isJson(text)).toBe(false)
  expect(lineOfJsonFault(text)).toBe(line)
})

test(`it finds one exactly where the runtime does (SEED=${SEED})`, () => {
  const random = seededRandom()
  const signs = ['{', '}', '[', ']', ',', ':', '"', '\\', '\n', ' ', '1', '-', 'e', 'true', 'x', '\t', '0', '.']
  for (let times = 0; times < 3000; times += 1) {
    const from = random(SOUND.length)
    const sign = signs[random(signs.length)] ?? ''
    const text = SOUND.slice(0, from) + sign + SOUND.slice(from + random(3))
    expect({ text, isSound: lineOfJsonFault(text) === null }).toEqual({ text, isSound: isJson(text) })
  }
})
