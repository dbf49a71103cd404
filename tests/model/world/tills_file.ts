import type { TillDefaults } from '@kkt/adapter/src/domain/filled_in.ts'
import type { TillSettings } from '@kkt/adapter/src/till_settings.ts'
import { readTills } from '@kkt/adapter/src/tills_file.ts'
import { type TillsFile, tillsFile } from '../../harness/till_settings.ts'

/** The till with settings of its own. */
const OWN_SETTINGS = 'till-1'

const nothing = () => undefined
type Read = ReadonlyMap<string, TillDefaults>

/** The settings of the tills, as all nodes read them. A history changes them. */
export class SimTillsFile implements TillSettings {
  readonly file = null
  readonly start = nothing
  readonly stop = nothing
  /** The versions that there were, in order. */
  readonly versions: TillsFile[] = []
  #now: Read = new Map()

  /** @param usual of each till, where the file says nothing */
  constructor(private readonly usual: TillDefaults) {
    this.change()
  }

  change(): void {
    const next = tillsFile(this.versions.length, OWN_SETTINGS)
    const read = readTills(JSON.stringify(next))
    if (read.kind === 'wrong') throw new Error(read.faults.join())
    this.versions.push(next)
    this.#now = read.tills
  }

  of = (posId: string): TillDefaults => {
    const [all, own] = [this.#now.get('*'), this.#now.get(posId)]
    return {
      ofReceipt: { ...this.usual.ofReceipt, ...all?.ofReceipt, ...own?.ofReceipt },
      ofItems: { ...this.usual.ofItems, ...all?.ofItems, ...own?.ofItems },
    }
  }
}
