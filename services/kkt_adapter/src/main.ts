import { serve } from '@kkt/platform/serve.ts'
import { openDatabase } from '#sqlite'
import { run } from './run.ts'

await run({ openDatabase, send: (request) => fetch(request), serve, random: Math.random })
