import { sqliteConformance } from '../testing/sqlite_conformance.ts'
import { openDatabase } from './sqlite_bun.ts'

sqliteConformance(openDatabase)
