import { parseConfig } from '@kkt/adapter/src/config.ts'
import { seededRandom } from '@kkt/platform/testing.ts'
import { createChecks, nodeWatch } from '../checks/checks.ts'
import { Findings } from '../checks/findings.ts'
import { noteStrike } from '../checks/log_check.ts'
import type { Tracked } from '../checks/tracked.ts'
import type { NodeWatch } from './ground.ts'
import { sendOver, type Ways } from './network.ts'
import { SimNode } from './node.ts'
import { SimOfd } from './ofd.ts'
import { SimProcess } from './process.ts'
import { SimRedis } from './redis.ts'
import { ACCOUNT, REGISTER_URL } from './register_service.ts'
import { createRegisterSide } from './register_side.ts'
import { KKT_ID, PRINTING, type Rig } from './rig.ts'
import type { Settings } from './settings.ts'
import { SimTillsFile } from './tills_file.ts'
import { SimTime } from './time.ts'

/** How long a till waits for its receipt to be printed. Short enough that some are answered as buffered. */
const PRINT_TIMEOUT_MS = 2000

export type World = ReturnType<typeof createWorld>

/** Tills, adapters, a disk, a KKT and an OFD in simulated time, watched at every step. */
export function createWorld(rig: Rig, settings: Settings, tellsStory: boolean) {
  const time = new SimTime()
  const draw = seededRandom(settings.seed)
  const random = () => draw(2 ** 32) / 2 ** 32
  const findings = new Findings(tellsStory, () => time.nowMs)
  const config = configOf(settings)
  const tills = new SimTillsFile(config.tills.usual)
  const side = settings.kkt === 'atol' ? createRegisterSide(registerDeps()) : null
  const kktFailures = () => side?.network.failures ?? rig.kktDisk.failures
  const checks = createChecks({ rig, settings, time, findings, versions: tills.versions, kktFailures })
  const ofd = new SimOfd(time, ofdSettings(settings), random, checks.delivery)
  const redis = new SimRedis(time, ofd)

  const watch: NodeWatch = {
    ...nodeWatch({ ...checks, findings, redis }),
    struck(node, strike) {
      noteStrike(findings, node, strike)
      if (strike.deed === 'wake_others') for (const other of nodes) if (other !== node) other.resume()
    },
    ended(node, how) {
      findings.count('ends', how)
      findings.tell(`${node.name} ${how}`)
      if (settings.restartsAfterMs !== null) time.after(settings.restartsAfterMs, () => node.start())
    },
  }
  const ways = (node: string): Ways => ({
    time,
    ofd,
    random,
    heard(call, heard) {
      const answer = heard === null || heard === 'dead connection' ? null : heard
      checks.delivery.heard(node, call, answer?.response.status ?? null, answer?.isRight ?? false)
      checks.breaker.heard(node, call, heard)
    },
  })
  let uuids = 0
  const toKkt = {
    sendToKkt: (process: SimProcess, request: Request) =>
      side ? side.network.send(process, request) : Promise.reject(new Error('This KKT has no service')),
    newUuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
  }
  const ground = { ...toKkt, ...settings, time, random, watch, ...rig, config, tills }
  const nodes = rig.fronts.slice(0, settings.nodes).map((front, i) => {
    const name = i === 0 ? 'A' : 'B'
    return new SimNode(name, {
      ...ground,
      front,
      hosts: (process) => (settings.hasRedis ? redis.connect(name, process) : null),
      send: (process, request, connection) => sendOver(ways(name), process, { request, connection }),
    })
  })
  time.onRest = () => checks.leases.atRest(nodes)
  rig.journalDisk.begin((by) => checks.journal.committed(by.name))
  rig.kktDisk.begin(() => checks.kkt.committed())
  side?.begin()

  function registerDeps(): Parameters<typeof createRegisterSide>[0] {
    return {
      service: rig.register(),
      time,
      random,
      findings,
      watch: () => checks.atRegister,
      committed: () => checks.kkt.committed(),
      taskMs: settings.printsAtOnce ? 0 : PRINTING.printDelayMaxMs,
    }
  }

  /** The device is opened for it, so that it remembers nothing of earlier histories. */
  const replaceFn = () => {
    if (!checks.journal.knowsFn) return
    // Nobody could tell of a receipt that may be done in either FN, and whose till uses the tag that would name it.
    const isNameless = ({ status, key }: Tracked) =>
      (status === 'printing' || status === 'unknown') && checks.contents.sentAs(key)?.user_attribute !== undefined
    if (side && checks.receipts.kept.some(isNameless)) return
    // Nor of cash that is on its way: a shift that opens for it is in the list of one FN or of the other.
    if (side && checks.tasks.open.some(({ status, kind }) => status === 'asked' && kind.startsWith('cash_'))) return
    if (side) side.service.register.replaceFn()
    else rig.kktBy(time.clockOf(new SimProcess('the device', time))).replaceFn()
    checks.kkt.committed()
  }

  return { rig, settings, time, replaceFn, findings, ...checks, side, ofd, redis, nodes, tills }
}

/** The adapter assumes that no OFD works on a cut-off request for longer. */
const MOST_SETTLE_MS = 5000

const ofdSettings = ({ ofdLookup, ofdNamesReceipts, ofdSkewMs, ofdTellsFractions, ofdTimeoutMs }: Settings) => ({
  lookup: ofdLookup,
  namesReceipts: ofdNamesReceipts,
  skewMs: ofdSkewMs,
  tellsFractions: ofdTellsFractions,
  settleMs: Math.min(ofdTimeoutMs, MOST_SETTLE_MS),
})

const REGISTER = { KKT_MODE: 'atol', KKT_URL: REGISTER_URL, KKT_LOGIN: ACCOUNT.login, KKT_PASSWORD: ACCOUNT.password }

const configOf = (settings: Settings) =>
  parseConfig({
    KKT_ID,
    ...(settings.kkt === 'atol' ? REGISTER : { OFD_API_URL: 'http://ofd.invalid' }),
    OFD_TIMEOUT: seconds(settings.ofdTimeoutMs),
    BUFFER_MAX_SIZE: String(settings.maxUndelivered),
    CIRCUIT_BREAKER_THRESHOLD: String(settings.breakerThreshold),
    CIRCUIT_BREAKER_TIMEOUT: seconds(settings.breakerTimeoutMs),
    SYNC_INTERVAL: seconds(settings.syncIntervalMs),
    SYNC_BATCH_SIZE: String(settings.maxInFlight),
    MAX_RETRY_ATTEMPTS: String(settings.maxRetryAttempts),
    KKT_PRINT_DELAY_MIN: seconds(settings.printsAtOnce ? 0 : PRINTING.printDelayMinMs),
    KKT_PRINT_DELAY_MAX: seconds(settings.printsAtOnce ? 0 : PRINTING.printDelayMaxMs),
    KKT_PRINT_TIMEOUT: seconds(PRINT_TIMEOUT_MS),
  })

const seconds = (ms: number) => String(ms / 1000)
