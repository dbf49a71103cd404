/** The service of a cash register as an actor of a run: its outages, and all that was seen of it over its lives. */
import type { RegisterService } from '../crash/register_service.ts'
import { expectBody } from '../harness/http.ts'
import { registerClient } from '../harness/mock_client.ts'
import { registerRequests } from '../harness/wire_mock_kkt.ts'
import type { Outages } from './plan.ts'
import { RequestsSeen } from './requests_seen.ts'

/** A service that is down or paused is passed over. */
const LOOKED_MS = 1000
/** Ample on a busy machine: only a service that is down or paused spends it. */
const ASKED_MS = 5000

export type Struck = Record<string, number>

export class RegisterActor {
  /** All requests for documents that were seen in its queue. */
  readonly requests = new RequestsSeen()
  readonly outages: Outages
  /** Of the lives before this one, and as they were told last in this one. */
  #struckBefore: Struck = {}
  #struckNow: Struck = {}

  constructor(readonly service: RegisterService) {
    const start = () => service.start()
    this.outages = {
      kill: { counted: 'registerKills', begin: () => this.#kill(), end: start },
      pause: {
        counted: 'registerPauses',
        begin: () => service.signal('SIGSTOP'),
        end: () => service.signal('SIGCONT'),
      },
      lose_queue: { counted: 'lostQueues', begin: () => this.#loseQueue(), end: start },
    }
  }

  /** Strikes of each fault, as far as they were told before a kill. */
  get struck(): Struck {
    return sumOf(this.#struckBefore, this.#struckNow)
  }

  configure = (change: Record<string, unknown>) => registerClient(this.service.url, ASKED_MS).configure(change)
  exportState = () => this.service.control.exportState()
  newOperator = () => this.service.newOperator(LOOKED_MS)

  /** Ends its faults, and the calls that they have left hanging. */
  async heal(): Promise<void> {
    await this.#kill()
    await this.service.start()
  }

  /** Ends the service. @returns a line where it did not end well */
  async end(): Promise<string[]> {
    await this.look()
    return await this.service.endWell()
  }

  /** Notes the strikes and the requests, where it answers. */
  async look(): Promise<void> {
    const client = registerClient(this.service.url, LOOKED_MS)
    const [counters, requests] = await Promise.all([
      client.counters().catch(() => null),
      client.get('/_test/requests?limit=1000').catch(() => null),
    ])
    if (counters !== null) this.#struckNow = counters.by_fault
    if (requests?.status === 200) this.requests.note(expectBody(requests, 200, registerRequests).requests)
  }

  async #kill(): Promise<void> {
    await this.look()
    await this.service.end('SIGKILL')
    this.#struckBefore = this.struck
    this.#struckNow = {}
  }

  async #loseQueue(): Promise<void> {
    await this.#kill()
    this.service.loseQueue()
  }
}

function sumOf(one: Struck, other: Struck): Struck {
  const names = Object.keys({ ...one, ...other })
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}
