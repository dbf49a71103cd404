import { expect, test } from 'bun:test'
import { checkoutFinding, diskFinding, isAtLeast, versionFinding } from './findings.ts'

test.each([
  ['2.20.3', '2.20.3', true],
  ['2.26.1-4', '2.20.3', true],
  ['v2.20.2', '2.20.3', false],
  ['5.0.0', '2.20.3', true],
  ['26.1.5+dfsg1', '25.0.0', true],
  ['24.0.9', '25.0.0', false],
  ['25', '25.0.0', true],
  ['dev', '25.0.0', false],
])('is %s at least %s: %p', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected)
})

test('an engine that is too old is wrong, and a missing one is wrong only where it was asked for', () => {
  const least = '25.0.0'
  expect(versionFinding('engine', { version: '26.1', least, isNeeded: true }).state).toBe('ok')
  expect(versionFinding('engine', { version: '24.0', least, isNeeded: false })).toEqual({
    state: 'wrong',
    about: 'engine',
    said: '24.0 is older than 25.0.0: install a newer one, or take MODE=local',
  })
  const lacks = 'no Docker engine answers'
  expect(versionFinding('engine', { lacks, least, isNeeded: false })).toMatchObject({
    state: 'note',
    said: expect.stringContaining('no Docker engine answers: without it'),
  })
  expect(versionFinding('engine', { lacks, least, isNeeded: true }).state).toBe('wrong')
})

test('too little room is wrong, and little room is a note', () => {
  const states = [1, 3, 50].map((free) => diskFinding(free * 2 ** 30, '/').state)
  expect(states).toEqual(['wrong', 'note', 'ok'])
  expect(diskFinding(2 ** 30, '/x').said).toBe(
    '1.0 GiB are free in /x: docker system prune frees what no container uses',
  )
})

test('a checkout that cannot be written to is reported with its cause', () => {
  const refuse = (code: string) => (folder: string) => {
    if (folder === '/b') throw Object.assign(new Error(`${code}: access '${folder}'`), { code })
  }
  expect(checkoutFinding(['/a'], refuse('EROFS'))).toEqual({
    state: 'ok',
    about: 'checkout',
    said: 'can be written to',
  })
  for (const code of ['EROFS', 'EACCES']) {
    expect(checkoutFinding(['/a', '/b', '/c'], refuse(code))).toEqual({
      state: 'wrong',
      about: 'checkout',
      said: `/b cannot be written to (${code}), so make test and local mode do not work: mount it writable, make it yours, or take another clone`,
    })
  }
})
