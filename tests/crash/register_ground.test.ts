import { afterAll, expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { systemClock } from '@kkt/platform/clock.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { killAll } from './lives.ts'
import { RegisterGround } from './register_ground.ts'

const folders: string[] = []
afterAll(() => {
  killAll()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

async function opened() {
  const folder = newFolder('register_ground')
  folders.push(folder)
  const trouble = Promise.withResolvers<string>()
  const ground = await RegisterGround.open({
    folder,
    ofdUrl: 'http://127.0.0.1:9',
    clock: systemClock,
    log: () => undefined,
    onTrouble: trouble.resolve,
  })
  // One that answers is ready for signals.
  await ground.service.control.configuration()
  return { ground, trouble: trouble.promise }
}

test('it is told when the service of the register ends by itself', async () => {
  const { ground, trouble } = await opened()
  ground.service.signal('SIGKILL')
  expect(await trouble).toBe("the register's service ended by itself with SIGKILL")
})

test('the service of the register ends well, and one that is gone does not', async () => {
  const { service } = (await opened()).ground
  expect(await service.endWell()).toEqual([])
  expect(await service.endWell()).toEqual(["the register's service did not end well: null"])
})
