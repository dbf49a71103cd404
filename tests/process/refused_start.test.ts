/** A refused start leaves every byte of the buffer as it was. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { JOURNAL } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { TEST_MS } from '../harness/patience.ts'
import { filesOf, killedBuffer, refusedStart, running, soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)

const { newFolder } = soundFolders()

describe('a buffer behind a symbolic link', () => {
  test.concurrent('invariant 12: the start is refused where the target is gone and its WAL is not', async () => {
    const [folder, disk] = [newFolder(), newFolder()]
    const [path, target] = [join(folder, 'buffer.db'), join(disk, 'buffer.db')]
    symlinkSync(target, path)
    const { sell, kill } = await running(path)
    await sell('key')
    await kill()
    expect(existsSync(`${target}-wal`)).toBe(true)
    rmSync(target)
    const wal = readFileSync(`${target}-wal`)
    const { code, said } = await refusedStart(path)
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(`The buffer is lost: ${target} is empty`) })
    expect(readFileSync(`${target}-wal`)).toEqual(wal)
    expect(existsSync(target)).toBe(false)
  })
})

describe('a refused start changes no byte of the buffer', () => {
  test.concurrent('of an older version', async () => {
    const { folder, path } = await killedBuffer(newFolder())
    const older = openDatabase(path)
    older.exec('PRAGMA user_version = 12')
    const before = filesOf(folder)
    const { code, said } = await refusedStart(path)
    expect({ code, said }).toEqual({
      code: 1,
      said: `The buffer has schema 12, and this version knows no schema below ${JOURNAL.schemas.oldest}. It was left unchanged: run the older version that wrote it until /v1/kkt/buffer/status shows no receipt unprinted, pending or failed, and stop it. Then move the file away, to keep it, or set BUFFER_DB_PATH to a file in another folder.\n`,
    })
    expect(filesOf(folder)).toEqual(before)
    older.close()
  })

  test.concurrent('where the port is taken', async () => {
    const { folder, path, before } = await killedBuffer(newFolder())
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const said = `Another program uses port ${port}: stop that program, or set PORT to a free port.\n`
    expect(await refusedStart(path, { PORT: port })).toEqual({ code: 1, said })
    other.close()
    expect(filesOf(folder)).toEqual(before)
  })
})
