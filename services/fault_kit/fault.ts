import type { z } from 'zod'

/**
 * When in a call's life a fault has its say.
 * - `arrival`: nothing of the request is read, as when the service is down;
 * - `before_effect`: it is read and fits its contract, nothing is taken yet.
 */
export type Stage = 'arrival' | 'before_effect'

/** A call as faults see it. */
export type Call = {
  /** As it is called in answers: `OFD`. */
  service: string
  /** `submit` brings something to be taken, `lookup` asks after it. */
  operation: 'submit' | 'lookup'
  /** The fields of what was sent. Empty on arrival. */
  about: Readonly<Record<string, unknown>>
}

export type Verdict = { kind: 'pass' } | { kind: 'answer'; status: number; body: { error: string } }

type Definition<Config> = {
  /** Its field in the configuration. */
  name: string
  stage: Stage
  config: z.ZodType<Config>
  /** The configuration under which it does nothing. */
  initial: Config
  /** Whether the service's health shows its configuration. */
  inHealth: boolean
  decide(config: Config, call: Call): Verdict
  /** What is left of the configuration once it has been applied to a call. Without it a fault stays until it is taken back. */
  spent?(config: Config): Config
}

/** A fault in one mock, with the configuration that it has there. */
export type ActiveFault = {
  current(): unknown
  /** @throws ZodError for what does not fit the fault's `config` */
  configure(config: unknown): void
  reset(): void
  decide(call: Call): Verdict
}

export type Fault = Pick<Definition<unknown>, 'name' | 'stage' | 'config' | 'inHealth'> & { activate(): ActiveFault }

export const PASS: Verdict = { kind: 'pass' }

/** How a service that is down answers. */
export const unavailable = ({ service }: Call): Verdict => ({
  kind: 'answer',
  status: 503,
  body: { error: `${service} unavailable` },
})

export const defineFault = <Config>(definition: Definition<Config>): Fault => ({
  name: definition.name,
  stage: definition.stage,
  config: definition.config,
  inHealth: definition.inHealth,
  activate() {
    let config = definition.initial
    return {
      current: () => config,
      configure: (next) => {
        config = definition.config.parse(next)
      },
      reset: () => {
        config = definition.initial
      },
      decide: (call) => {
        const verdict = definition.decide(config, call)
        if (verdict.kind !== 'pass' && definition.spent) config = definition.spent(config)
        return verdict
      },
    }
  },
})
