/** The cash register of a run where it is one of its own: its service with the troubles of each life, and the person beside it. */
import type { Clock } from '@kkt/platform/clock.ts'
import type { RegisterOperator } from '../harness/register_operator.ts'
import type { Kill } from './plan.ts'
import type { RegisterDeed, RegisterTrouble } from './register_plan.ts'
import { RegisterService } from './register_service.ts'

/** So long the service is away. */
const DOWN_MS = 200
/** A deed may come a moment before its service is back. */
const COME_BACK_MS = 200

/** `onTrouble` is told when the service ends by itself. */
type Ground = {
  folder: string
  ofdUrl: string
  clock: Clock
  log: (line: string) => void
  onTrouble: (what: string) => void
}

export class RegisterGround {
  readonly operator: RegisterOperator
  readonly service: RegisterService
  /** How often each deed was done, and each fault put on. */
  readonly done = new Map<string, number>()
  #deed: Promise<unknown> = Promise.resolve()

  private constructor(private readonly ground: Ground) {
    this.service = new RegisterService(ground)
    this.operator = this.service.newOperator()
  }

  static async open(ground: Ground): Promise<RegisterGround> {
    const opened = new RegisterGround(ground)
    await opened.service.start()
    return opened
  }

  /** Readies the register for a life. A deed without a time is done now. */
  async prepare({ register }: Pick<Kill, 'register'>): Promise<void> {
    await this.#deed
    await this.service.start()
    if (register.deed !== null && register.deedAfterMs === null) await this.#do(register.deed)
    await this.#putOn(register.faults)
  }

  /** Does the deed that has a time, while the adapter is at work. */
  begin({ register: { deed, deedAfterMs, faults } }: Pick<Kill, 'register'>, ended: Promise<unknown>): void {
    if (deed === null || deedAfterMs === null) return
    const { clock } = this.ground
    const over = endOf(ended)
    this.#deed = (async () => {
      await clock.wait(deedAfterMs, over)
      if (over.aborted) return
      await this.#do(deed)
      await this.#putOn(faults)
    })()
    // The next life awaits it.
    this.#deed.catch(() => undefined)
  }

  /** Ends all troubles. */
  async heal(): Promise<void> {
    await this.prepare({ register: { faults: {}, deed: null, deedAfterMs: null } })
  }

  /** A person settles all that waits for one, until the adapter ends. */
  async operate(adapter: Parameters<RegisterOperator['work']>[0], ended: Promise<unknown>): Promise<void> {
    const { clock, log } = this.ground
    await this.operator.work(adapter, { clock, over: endOf(ended) }, (error) =>
      log(JSON.stringify({ event: 'operator_failed', error: String(error) })),
    )
  }

  async #putOn(faults: RegisterTrouble['faults']): Promise<void> {
    const { control } = this.service
    const { permanent_failure: _down, failure_count: _failures, seed: _seed, ...on } = await control.configuration()
    await control.configure({ ...Object.fromEntries(Object.keys(on).map((name) => [name, false])), ...faults })
    for (const name of Object.keys(faults)) this.#count(name)
  }

  async #do(deed: RegisterDeed): Promise<void> {
    this.ground.log(JSON.stringify({ event: 'deed', deed }))
    this.#count(deed)
    const { control } = this.service
    if (deed === 'delete_results') await control.configure({ results_deleted: true })
    if (deed === 'swap_fn' || deed === 'swap_and_forget') await control.configure({ fn_swapped: true })
    if (deed === 'kill' || deed === 'lose_queue' || deed === 'swap_and_forget') await this.#restart(deed !== 'kill')
    if (deed === 'cancel') await this.#cancel()
  }

  async #restart(isLost: boolean): Promise<void> {
    await this.service.end('SIGKILL')
    if (isLost) this.service.loseQueue()
    await this.ground.clock.wait(DOWN_MS)
    await this.service.start()
  }

  /** A report of somebody else holds the queue, and whatever waits behind it is taken out. */
  async #cancel(): Promise<void> {
    const { control, api } = this.service
    // A fault of the way would strike the report. The caller puts the faults on again.
    await this.#putOn({})
    await control.configure({ slow: { seconds: 0.5, match: { task: 'reportX' } } })
    const request = [{ type: 'reportX', operator: { name: 'Иванова А. А.' } }]
    await api.post('/requests', { uuid: crypto.randomUUID(), request })
    await this.ground.clock.wait(COME_BACK_MS)
    for (const { uuid, status } of await control.requests(20))
      if (status === 'wait') await api.delete(`/requests/${uuid}`)
  }

  #count(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1)
  }
}

function endOf(life: Promise<unknown>): AbortSignal {
  const over = new AbortController()
  void life.then(() => over.abort())
  return over.signal
}
