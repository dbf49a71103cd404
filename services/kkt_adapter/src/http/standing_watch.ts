import { iso } from '@kkt/platform/clock.ts'
import type { StreamEvent } from '@kkt/platform/hub.ts'
import { readable } from '../sqlite/storage_failure.ts'
import { type Alert, alertsOf, type Standing } from './alerts.ts'
import type { BufferStatus, ReadBufferStatus } from './buffer_status.ts'
import { type Health, healthIn } from './health_answer.ts'

/** Only every tenth look reads the health, because that asks the KKT, which prints meanwhile. */
const HEALTH_EVERY = 10

export type StandingDeps = {
  readStatus: ReadBufferStatus
  readHealth: () => Promise<Health>
  /** The share of the buffer from which it alerts, 0 to 1. */
  alertThreshold: number
  wallMs: () => number
}

/** Where the adapter stands, and the events that tell readers how that changes. */
export class StandingWatch {
  #standing: Standing | null = null
  #raised: ReadonlyMap<string, Alert> = new Map()
  #looks = 0

  constructor(private readonly deps: StandingDeps) {}

  /** Drops the earlier standing, which nobody has kept up to date. */
  forget(): void {
    this.#standing = null
    this.#raised = new Map()
    this.#looks = 0
  }

  /** The events that tell a new reader where the adapter stands. @throws StorageFailure */
  greeting(): StreamEvent[] {
    const status = this.deps.readStatus()
    if (this.#standing === null) this.#take({ status, health: null })
    const health = this.#standing?.health ?? null
    return [
      { event: 'status', data: status },
      ...(health === null ? [] : [healthEvent(health)]),
      ...[...this.#raised.values()].map((alert) => this.#told(alert, 'raised')),
    ]
  }

  /** Looks again. @returns the events that tell what has changed */
  async look(): Promise<StreamEvent[]> {
    const isDue = this.#looks % HEALTH_EVERY === 0
    this.#looks += 1
    const read = isDue ? await this.deps.readHealth() : null
    const before = this.#standing
    const status = readable(this.deps.readStatus) ?? before?.status
    if (status === undefined) return []
    const standing = { status, health: read ?? before?.health ?? null }
    const changes: StreamEvent[] = []
    if (shown(status) !== shown(before?.status ?? null)) changes.push({ event: 'status', data: status })
    if (standing.health !== null && JSON.stringify(standing.health) !== JSON.stringify(before?.health ?? null)) {
      changes.push(healthEvent(standing.health))
    }
    return [...changes, ...this.#take(standing)]
  }

  /** @returns the events of alerts that are raised or ended by it */
  #take(standing: Standing): StreamEvent[] {
    const earlier = this.#raised
    const alerts = alertsOf(standing, this.deps.alertThreshold)
    this.#standing = standing
    this.#raised = new Map(alerts.map((alert) => [alert.name, alert]))
    return [
      ...alerts
        .filter(({ name, detail }) => earlier.get(name)?.detail.en !== detail.en)
        .map((alert) => this.#told(alert, 'raised')),
      ...[...earlier.values()].filter(({ name }) => !this.#raised.has(name)).map((alert) => this.#told(alert, 'ended')),
    ]
  }

  #told({ name, detail }: Alert, state: 'raised' | 'ended'): StreamEvent {
    const at = iso(this.deps.wallMs())
    return { event: 'alert', dataIn: (language) => ({ name, state, at, detail: detail[language] }) }
  }
}

const healthEvent = (health: Health): StreamEvent => ({
  event: 'health',
  dataIn: (language) => healthIn(language, health),
})

/** The age of the oldest receipt grows without a change. */
const shown = (status: BufferStatus | null): string => JSON.stringify({ ...status, oldest_pending_age_seconds: null })
