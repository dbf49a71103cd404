import { expect, test } from 'bun:test'
import { statfsSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeBytes } from './files.ts'

test('the free bytes are those that a user may write where the file is, not where a link to it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'free-bytes-'))
  const link = join(folder, 'buffer.db')
  // A file system in memory, whose size differs from that of the folder.
  await symlink('/dev/shm/buffer.db', link)
  const { bavail, bsize } = statfsSync('/dev/shm')
  const found = await freeBytes(link)
  await rm(folder, { recursive: true })
  // Other programs write there, too.
  expect(Math.abs((found ?? 0) / (bavail * bsize) - 1)).toBeLessThan(0.2)
})

test('a folder that is not there tells nothing', async () => {
  expect(await freeBytes('/no/such/folder/buffer.db')).toBeNull()
})
