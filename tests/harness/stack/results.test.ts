import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { emptyResults, readOutcome, resultsFolder } from './results.ts'

let root = ''
beforeEach(() => {
  root = newFolder('results')
})
afterEach(() => rmSync(root, { recursive: true }))

test('each project but the default has a folder of its own, which the default leaves alone', () => {
  expect(resultsFolder('p', 'p')).toBe('test-results')
  expect(resultsFolder('q', 'p')).toBe('test-results/q')
  mkdirSync(`${root}/test-results/q`, { recursive: true })
  for (const path of ['unit.xml', 'q/unit.xml']) writeFileSync(`${root}/test-results/${path}`, '')
  emptyResults(root, 'test-results')
  expect(existsSync(`${root}/test-results/unit.xml`)).toBe(false)
  expect(existsSync(`${root}/test-results/q/unit.xml`)).toBe(true)
  emptyResults(root, 'test-results/q')
  expect(existsSync(`${root}/test-results/q/unit.xml`)).toBe(false)
})

test('tests that TEST did not choose do not count as skipped', () => {
  const tests = ['<testcase name="a" classname="" ><skipped /></testcase>', '<testcase name="b c" classname="g" />']
  tests.push('<testcase name="b d" classname="g" ><skipped /></testcase>')
  writeFileSync(`${root}/unit.xml`, tests.join('\n'))
  const ended = { suite: { name: 'unit', paths: [], drivesStack: false }, exitCode: 0, seconds: 2 }
  const names = (chosen: RegExp | undefined) => readOutcome(root, '.', ended, chosen).tests.map(({ name }) => name)
  expect(names(undefined)).toEqual(['a', 'g > b c', 'g > b d'])
  expect(names(/g b/)).toEqual(['g > b c', 'g > b d'])
})

test('a suite without a report has no tests', () => {
  const ended = { suite: { name: 'unit', paths: [], drivesStack: false }, exitCode: 3, seconds: 2 }
  expect(readOutcome(root, '.', ended, undefined)).toEqual({ suite: 'unit', exitCode: 3, seconds: 2, tests: [] })
})
