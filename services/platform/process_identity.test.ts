import { describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isCertainlyGone, processIdentity } from './process_identity.ts'

const OWN = processIdentity('own')
const [SPACE = '', PID = ''] = OWN.split('|')
const identity = (pid: number | string | undefined, instance = 'other', space = SPACE) => `${space}|${pid}|${instance}`

function start() {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' })
  return { child, ended: once(child, 'exit') }
}

test('an identity names the space, the process and the instance, and stays the same', () => {
  expect(OWN).toMatch(/^[^|]+\|\d+\|own$/)
  expect(PID).toBe(String(process.pid))
  expect(processIdentity('own')).toBe(OWN)
})

describe('certainly gone is', () => {
  test('a child that has ended, and not one that lives', async () => {
    const { child, ended } = start()
    const theirs = identity(child.pid)
    expect(isCertainlyGone(theirs, OWN)).toBe(false)
    child.kill('SIGKILL')
    await ended
    expect(isCertainlyGone(theirs, OWN)).toBe(true)
  })

  test('another instance that had this very process id', () => {
    expect(isCertainlyGone(identity(PID), OWN)).toBe(true)
  })
})

describe('certainly gone is not', () => {
  test('oneself', () => {
    expect(isCertainlyGone(OWN, OWN)).toBe(false)
  })

  test('anybody in another space, whatever runs under that id here', () => {
    for (const pid of [PID, '1', '4194304'])
      expect(isCertainlyGone(identity(pid, 'other', 'elsewhere'), OWN)).toBe(false)
  })

  test('the first process of the space', () => {
    expect(isCertainlyGone(identity(1), OWN)).toBe(false)
  })

  test.each(['', 'x', SPACE, `${SPACE}|`, `${SPACE}|x|y`, `${SPACE}|-1|y`, `${SPACE}|0|y`])(
    'what is no identity: %j',
    (theirs) => {
      expect(isCertainlyGone(theirs, OWN)).toBe(false)
    },
  )
})
