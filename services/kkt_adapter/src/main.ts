import { send } from '@kkt/platform/send.ts'
import { serve } from '@kkt/platform/serve.ts'
import { openDatabase } from '#sqlite'
import { run } from './run.ts'

await run({ openDatabase, send, serve, random: Math.random })
