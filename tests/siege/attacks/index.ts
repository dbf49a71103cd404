import type { Attack } from '../attack.ts'
import { bodies } from './bodies.ts'
import { documents } from './documents.ts'
import { floods } from './floods.ts'
import { fuzz } from './fuzz.ts'
import { idle, slowBodies, slowHeads, unfinishedBodies } from './holding.ts'
import { smuggling } from './smuggling.ts'
import { sql } from './sql.ts'
import { tokens } from './tokens.ts'
import { traversal } from './traversal.ts'

/** All attacks by bytes. Those of a lane follow one another. Hostile texts on pages are in `pages.ts`. */
export const ATTACKS: readonly Attack[] = [
  smuggling,
  floods,
  bodies,
  traversal,
  documents,
  sql,
  tokens,
  fuzz,
  slowHeads,
  slowBodies,
  unfinishedBodies,
  idle,
]
