import { sqliteConformance } from '../testing/sqlite_conformance.ts'
import { openDatabase, openReadOnly } from './sqlite_bun.ts'

sqliteConformance({ open: openDatabase, openReadOnly })
