import { expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { endLeaked, groupOf, untrackedFiles } from './leftovers.ts'
import { run } from './run.ts'

test('a process’s group is read whatever its name', () => {
  expect(groupOf('12 (a b) c) S 1 34 34 0 -1')).toBe(34)
  expect(groupOf('12 (gone) Z 1 34 34 0 -1')).toBeUndefined()
  expect(groupOf('')).toBeUndefined()
})

test.skipIf(process.platform !== 'linux')('processes that a program leaves running are named and ended', async () => {
  let groupId = 0
  const onStart = (pid: number) => {
    groupId = pid
  }
  await run(['sh', '-c', 'sleep 60 >/dev/null 2>&1 &'], { cwd: '/', output: 'kept', onStart })
  expect(await endLeaked(groupId, 50)).toEqual([expect.stringMatching(/^sleep 60 \(process \d+\)$/)])
  expect(await endLeaked(groupId)).toEqual([])
})

test.skipIf(Bun.which('git') === null)('a file that is neither committed nor ignored is found', async () => {
  const root = newFolder('kkt-leftovers')
  expect(await untrackedFiles(root)).toEqual([])
  await run(['git', 'init', '--quiet'], { cwd: root, output: 'kept' })
  writeFileSync(`${root}/.gitignore`, 'ignored\n')
  for (const name of ['ignored', 'left']) writeFileSync(`${root}/${name}`, '')
  expect(await untrackedFiles(root)).toEqual(['.gitignore', 'left'])
  rmSync(root, { recursive: true })
})
