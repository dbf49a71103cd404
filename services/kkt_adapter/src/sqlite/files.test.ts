import { expect, test } from 'bun:test'
import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeBytes } from './files.ts'

/** Linux' file system in memory, whose room is not that of the folder for temporary files. */
const MEMORY = '/dev/shm'

test.skipIf(!existsSync(MEMORY))('the free bytes are those where the file is, not where a link to it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'free-bytes-'))
  const link = join(folder, 'buffer.db')
  await symlink(`${MEMORY}/buffer.db`, link)
  const { bavail, bsize } = statfsSync(MEMORY)
  const found = await freeBytes(link)
  await rm(folder, { recursive: true })
  // Other programs write there, too.
  expect(Math.abs((found ?? 0) / (bavail * bsize) - 1)).toBeLessThan(0.2)
})

test('a folder that is not there tells nothing', async () => {
  expect(await freeBytes('/no/such/folder/buffer.db')).toBeNull()
})
