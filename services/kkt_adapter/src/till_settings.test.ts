import { afterAll, describe, expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger } from '@kkt/platform/logger.ts'
import { newFolder, TestClock } from '@kkt/platform/testing.ts'
import type { TillDefaults } from './domain/filled_in.ts'
import { BadTills, keepTills } from './till_settings.ts'

const MINUTE_MS = 60_000
const USUAL: TillDefaults = {
  ofReceipt: { taxationSystem: 'osn', place: 'Магазин № 3' },
  ofItems: { paymentMethod: 'full_payment', measure: 'piece' },
}

describe('the settings of the tills', () => {
  const folder = newFolder('tills')
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'tills.json')
  const write = (tills: unknown) =>
    writeFileSync(file, typeof tills === 'string' || tills instanceof Uint8Array ? tills : JSON.stringify(tills))

  function keep(tills: unknown) {
    write(tills)
    const clock = new TestClock()
    const lines: object[] = []
    const logger = createLogger('test', 'debug', (line) => lines.push(JSON.parse(line)))
    const settings = keepTills({ file, usual: USUAL }, { clock, logger })
    settings.start()
    return { settings, lines, lookAgain: () => clock.advance(MINUTE_MS) }
  }

  test('are the usual ones for every till, without a file', () => {
    const deps = { clock: new TestClock(), logger: createLogger('test', 'error') }
    const settings = keepTills({ file: null, usual: USUAL }, deps)
    expect([settings.of('POS-1'), settings.file]).toEqual([USUAL, null])
  })

  test('of a till go before those of all others, and these before the usual ones', () => {
    const { settings } = keep({
      'POS-1': { cashier: { name: 'Иванова А. А.' }, measure: 'gram' },
      '*': { cashier: { name: 'Петров П. П.', inn: '123456789012' }, place: 'Рынок' },
    })
    expect(settings.of('POS-1')).toEqual({
      ofReceipt: { taxationSystem: 'osn', place: 'Рынок', cashier: { name: 'Иванова А. А.' } },
      ofItems: { paymentMethod: 'full_payment', measure: 'gram' },
    })
    expect(settings.of('POS-2').ofReceipt.cashier).toEqual({ name: 'Петров П. П.', inn: '123456789012' })
  })

  test.each([
    [
      'is wrong',
      '{"*": {"measure": "pound"}}',
      'The file of TILLS_FILE is wrong: /*/measure must be one of piece, gram,',
    ],
    ['is not JSON', '{\n', 'The file of TILLS_FILE is wrong: line 2 is not JSON.'],
  ])('in a file that %s refuse the start', (_what, text, line) => {
    expect(() => keep(text)).toThrow(BadTills)
    expect(() => keep(text)).toThrow(line)
  })

  test('in a file that is missing refuse the start, and its path is not shown', () => {
    const deps = { clock: new TestClock(), logger: createLogger('test', 'error') }
    expect(() => keepTills({ file: join(folder, 'none'), usual: USUAL }, deps)).toThrow(
      new BadTills(
        'The file of TILLS_FILE cannot be read (ENOENT): set TILLS_FILE to a JSON file that this user may read.',
      ),
    )
  })

  test('in a file that is not UTF-8 refuse the start, and a mark at its beginning is no part of it', () => {
    const windows1251 = Buffer.from('{"*": {"place": "\xd0\xfb\xed\xee\xea"}}', 'latin1')
    expect(() => keep(windows1251)).toThrow(
      new BadTills(
        'The file of TILLS_FILE is not UTF-8, and its letters would be wrong on the receipts: save it as UTF-8.',
      ),
    )
    expect(keep('\uFEFF{"*": {"place": "Рынок"}}').settings.of('POS-9').ofReceipt.place).toBe('Рынок')
  })

  test('are read again when they change, and a line says so', async () => {
    const { settings, lines, lookAgain } = keep({ '*': { place: 'Рынок' } })
    await lookAgain()
    expect(lines).toEqual([])
    write({ '*': { place: 'Вокзал' }, 'POS-1': {} })
    await lookAgain()
    expect(settings.of('POS-9').ofReceipt.place).toBe('Вокзал')
    expect(lines).toMatchObject([{ level: 'info', event: 'tills_changed', entries: 2 }])
  })

  test('hold on while the file is bad, which is told once and in health', async () => {
    const { settings, lines, lookAgain } = keep({ '*': { place: 'Рынок' } })
    write('{')
    for (let times = 0; times < 3; times += 1) await lookAgain()
    expect(settings.of('POS-9').ofReceipt.place).toBe('Рынок')
    expect(settings.file?.fault()).toBe('The file of TILLS_FILE is wrong: line 1 is not JSON.')
    expect(lines).toMatchObject([{ level: 'warn', event: 'tills_not_changed', fault: settings.file?.fault() }])
    write({ '*': { place: 'Вокзал' } })
    await lookAgain()
    expect([settings.of('POS-9').ofReceipt.place, settings.file?.fault()]).toEqual(['Вокзал', null])
  })

  test('are not looked at after a stop', async () => {
    const { settings, lookAgain } = keep({ '*': { place: 'Рынок' } })
    settings.stop()
    write({ '*': { place: 'Вокзал' } })
    await lookAgain()
    expect(settings.of('POS-9').ofReceipt.place).toBe('Рынок')
  })
})
