import type { z } from 'zod'

/**
 * When in a call's life a fault has its say.
 * - `arrival`: nothing of the request is read, as when the service is down;
 * - `before_effect`: it is read and fits its contract, nothing is taken yet;
 * - `after_effect`: what it brought is taken, the reply has not left.
 */
export type Stage = 'arrival' | 'before_effect' | 'after_effect'

/** A call as faults see it. */
export type Call = {
  /** As it is called in answers: `OFD`. */
  service: string
  /** `submit` brings something to be taken, `lookup` asks after it. */
  operation: 'submit' | 'lookup'
  /** The fields of what was sent. Empty on arrival. */
  about: Readonly<Record<string, unknown>>
  /** What would be answered. Empty before the effect. */
  reply: Readonly<Record<string, unknown>>
}

/**
 * What a fault wants done with a call. The last three end it.
 * - `pass`: nothing;
 * - `delay`: it goes on so much later, whether or not its client is still there;
 * - `take_again`: what it brings is taken even if it is there already;
 * - `answer`: this and no other is answered;
 * - `silence`: nothing is answered for as long as the client waits;
 * - `cut`: a 200 is begun with this body, and ends in the middle together with its connection.
 */
export type Verdict =
  | { kind: 'pass' }
  | { kind: 'delay'; ms: number }
  | { kind: 'take_again' }
  | { kind: 'answer'; status: number; body: { error: string } }
  | { kind: 'silence' }
  | { kind: 'cut'; body: Call['reply'] }

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
export const unavailable = ({ service }: Pick<Call, 'service'>) => ({
  kind: 'answer' as const,
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
