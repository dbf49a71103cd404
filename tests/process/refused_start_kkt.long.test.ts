/** A start that is refused because of the mock KKT's memory or its id leaves every byte as it was. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { FIRST_FD } from '../harness/fiscal_doc.ts'
import { TEST_MS } from '../harness/patience.ts'
import { fdOf, filesOf, killedBuffer, refusedStart, running, soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)

const { newFolder } = soundFolders()

describe('a refused start changes no byte', () => {
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

  test.concurrent('of another KKT_ID, while the adapter of the right one is at work, and later', async () => {
    const path = join(newFolder(), 'buffer.db')
    const refused = {
      code: 1,
      said: 'The buffer belongs to KKT_ID=KKT-1: start with that KKT_ID, or set BUFFER_DB_PATH to a file in another folder for KKT_ID=KKT-2.\n',
    }
    const { kill } = await running(path, { KKT_ID: 'KKT-1' })
    expect(await refusedStart(path, { KKT_ID: 'KKT-2' })).toEqual(refused)
    await kill()
    expect(await refusedStart(path, { KKT_ID: 'KKT-2' })).toEqual(refused)
    const again = await running(path, { KKT_ID: 'KKT-1' })
    expect(fdOf(await again.sell('key'))).toBe(FIRST_FD)
    await again.kill()
  })

  test.concurrent('of another KKT_ID, with every byte of the folder', async () => {
    const { folder, path, before } = await killedBuffer(newFolder())
    expect(Object.keys(before)).toContain('buffer.db-wal')
    expect((await refusedStart(path, { KKT_ID: 'KKT-002' })).said).toContain('belongs to KKT_ID=KKT-001')
    expect(filesOf(folder)).toEqual(before)
  })

  test.concurrent("beside a mock KKT's memory of another KKT_ID, which two buffers in one folder would share", async () => {
    const { folder, path, before } = await killedBuffer(newFolder())
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
