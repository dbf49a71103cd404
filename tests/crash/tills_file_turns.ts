import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TillsFile, tillsFile } from '../harness/till_settings.ts'

/** The till that has settings of its own. */
const OWN_SETTINGS = 'till-1'

/** The TILLS_FILE of a run, which changes while adapters read it. */
export class TillsFileTurns {
  /** The versions that there were, in order. */
  readonly versions: TillsFile[] = []
  readonly path: string

  constructor(folder: string) {
    this.path = join(folder, 'tills.json')
    this.change()
  }

  /** Replaces the file at once, so that no adapter reads half of it. */
  change(): void {
    const next = tillsFile(this.versions.length, OWN_SETTINGS)
    this.versions.push(next)
    writeFileSync(`${this.path}.new`, JSON.stringify(next))
    renameSync(`${this.path}.new`, this.path)
  }
}
