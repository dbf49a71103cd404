import { sqliteConformance } from '../testing/sqlite_conformance.ts'
import { openDatabase } from './sqlite_node.ts'

sqliteConformance(openDatabase)
