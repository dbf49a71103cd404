/** The adapter as a process, with a file of its tills' settings. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { body } from '@kkt/adapter/src/testing/app_kit.ts'
import { freshKey } from '@kkt/adapter/src/testing/kit.ts'
import { z } from 'zod'
import { TEST_MS } from '../harness/patience.ts'
import { killAll, startAdapter } from './adapter_process.ts'
import { soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)
afterAll(killAll)

const { newFolder } = soundFolders()
const health = z.object({
  status: z.string(),
  components: z.object({ tills: z.object({ error: z.string().nullable() }) }),
})

/** The first receipt also opens the shift. */
const isOfTill = (code: string) => code !== 'shift_opened'

function withTills(text: string, more: Record<string, string> = {}) {
  const folder = newFolder()
  const file = join(folder, 'tills.json')
  const write = (tills: string) => writeFileSync(file, tills)
  write(text)
  // The tills sell the same again and again, which is no matter here.
  const paths = { BUFFER_DB_PATH: join(folder, 'buffer.db'), TILLS_FILE: file }
  const adapter = startAdapter({ ...paths, TWIN_WINDOW: '0', ...more })
  const codesOf = async (posId: string, key: string = freshKey()) =>
    (await adapter.post(key, body({ pos_id: posId }))).warnings.map(({ code }) => code).filter(isOfTill)
  return { adapter, write, codesOf }
}

const CASHIER = '{"cashier": {"name": "Иванова А. А."}}'

describe("the tills' settings in a file", () => {
  test.concurrent('hold for their tills, and change while the adapter is at work', async () => {
    const { adapter, write, codesOf } = withTills(`{"POS-1": ${CASHIER}}`)
    expect([await codesOf('POS-1'), await codesOf('POS-2', 'one-key')]).toEqual([[], ['no_cashier']])
    write(`{"*": ${CASHIER}}`)
    await adapter.logged('tills_changed')
    expect([await codesOf('POS-2'), await codesOf('POS-2', 'one-key')]).toEqual([[], ['no_cashier']])
    write('{"*": {"cashier": "Иванова"}}')
    await adapter.logged('tills_not_changed')
    expect(await codesOf('POS-2')).toEqual([])
    expect(await adapter.ask('/v1/health', health)).toMatchObject({
      status: 'degraded',
      components: { tills: { error: 'The file of TILLS_FILE is wrong: /*/cashier must be an object.' } },
    })
    expect(adapter.lines.join('\n')).not.toContain('Иванова')
  })

  test.concurrent('that are wrong stop the start with a line that names the place', async () => {
    const { adapter } = withTills('{"POS-1": {"taxation_system": "envd"}}')
    expect([await adapter.ended, await adapter.errors]).toEqual([
      1,
      'The file of TILLS_FILE is wrong: /POS-1/taxation_system must be one of osn, usn_income, usn_income_outcome, esn, patent.\n',
    ])
  })

  test.concurrent('are over those of the environment', async () => {
    const { codesOf } = withTills('{"POS-1": {"place": "Рынок"}}', { CASHIER_NAME: 'Петров П. П.' })
    expect([await codesOf('POS-1'), await codesOf('POS-2')]).toEqual([[], []])
  })
})
