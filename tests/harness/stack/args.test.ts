import { expect, test } from 'bun:test'
import { parseRequest, type Request } from './args.ts'

test('variables stand in for flags that are not given', () => {
  const env = { MODE: 'local', SERVICE: 'redis', Q: ' SELECT 1 ' }
  expect(parseRequest(['sql'], env)).toMatchObject({
    command: 'sql',
    mode: 'local',
    service: 'redis',
    query: 'SELECT 1',
  })
  expect(parseRequest(['sql', '--mode', 'compose', '--query', 'SELECT 2'], env)).toMatchObject({
    mode: 'compose',
    query: 'SELECT 2',
  })
})

test('a variable that is set to nothing is not given', () => {
  const none: Request = { command: 'up', mode: undefined, service: undefined, query: '', testArgs: [] }
  expect(parseRequest(['up'], { MODE: '', SERVICE: '', Q: '' })).toEqual(none)
})

test('what follows -- is for bun test, flags too', () => {
  expect(parseRequest(['test', '--', '--randomize', '-t', 'happy path'], {}).testArgs).toEqual([
    '--randomize',
    '-t',
    'happy path',
  ])
  expect(parseRequest(['test', '--'], {}).testArgs).toEqual([])
})

test.each<[string[], Record<string, string>, string]>([
  [['start'], {}, 'The command is "start": it takes one of up, down, test, logs, check, sql.'],
  [[], {}, 'The command is ""'],
  [['up'], { MODE: 'docker' }, 'MODE is "docker": it takes one of compose, local.'],
  [['logs'], { SERVICE: 'ofd' }, 'SERVICE is "ofd": it takes one of kkt_adapter, mock_ofd, mock_odoo, redis.'],
  [['up', '--nope'], {}, "Unknown option '--nope'"],
])('%p with %p is refused', (argv, env, message) => {
  expect(() => parseRequest(argv, env)).toThrow(message)
})
