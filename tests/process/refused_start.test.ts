/** A refused start leaves every byte of the buffer as it was. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { JOURNAL } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { FIRST_FD } from '../harness/fiscal_doc.ts'
import { TEST_MS } from '../harness/patience.ts'
import { fdOf, filesOf, refusedStart, running, soundFolders } from './sound_folders.ts'

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

  test.concurrent("the same holds for the mock KKT's memory", async () => {
    const [folder, disk] = [newFolder(), newFolder()]
    const target = join(disk, 'kkt.db')
    symlinkSync(target, join(folder, 'kkt.db'))
    const { sell, kill } = await running(join(folder, 'buffer.db'))
    await sell('key')
    await kill()
    rmSync(target)
    const { code, said } = await refusedStart(join(folder, 'buffer.db'))
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining("The mock KKT's memory is lost") })
  })
})

describe('a refused start changes no byte of the buffer', () => {
  /** A killed buffer, whose WAL holds more than its file. */
  async function killed() {
    const folder = newFolder()
    const { sell, kill } = await running(join(folder, 'buffer.db'))
    await sell('key')
    await kill()
    return { folder, path: join(folder, 'buffer.db'), before: filesOf(folder) }
  }

  test.concurrent('of another KKT_ID', async () => {
    const { folder, path, before } = await killed()
    expect(Object.keys(before)).toContain('buffer.db-wal')
    expect((await refusedStart(path, { KKT_ID: 'KKT-002' })).said).toContain('belongs to KKT_ID=KKT-001')
    expect(filesOf(folder)).toEqual(before)
  })

  test.concurrent('of an older version', async () => {
    const { folder, path } = await killed()
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
    const { folder, path, before } = await killed()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const said = `Another program uses port ${port}: stop that program, or set PORT to a free port.\n`
    expect(await refusedStart(path, { PORT: port })).toEqual({ code: 1, said })
    other.close()
    expect(filesOf(folder)).toEqual(before)
  })

  test.concurrent("beside a mock KKT's memory of another KKT_ID, which two buffers in one folder would share", async () => {
    const { folder, path, before } = await killed()
    const kkt = readFileSync(join(folder, 'kkt.db'))
    const other = join(folder, 'other.db')
    const { code, said } = await refusedStart(other, { KKT_ID: 'KKT-002' })
    expect({ code, said }).toEqual({
      code: 1,
      said: "The mock KKT's memory belongs to KKT_ID=KKT-001: start with that KKT_ID, or set BUFFER_DB_PATH to a file in another folder for KKT_ID=KKT-002.\n",
    })
    expect([filesOf(folder), existsSync(other)]).toEqual([before, false])
    expect(readFileSync(join(folder, 'kkt.db'))).toEqual(kkt)
    // The buffer of the right KKT_ID still works.
    const { sell, kill } = await running(path)
    expect(fdOf(await sell('next'))).toBe(FIRST_FD + 1)
    await kill()
  })
})
