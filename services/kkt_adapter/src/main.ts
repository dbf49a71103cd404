import { fetchOver } from '@kkt/platform/fetch.ts'
import { serve } from '@kkt/platform/serve.ts'
import { openDatabase } from '#sqlite'
import { run } from './run.ts'

await run({ openDatabase, send: fetchOver, serve, random: Math.random })
