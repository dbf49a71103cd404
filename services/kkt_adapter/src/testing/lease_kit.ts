/** Hosts of one KKT, each with a journal and with processes that want to send. */
import { LONG, settle, TestClock } from '@kkt/platform/testing.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import { REDIS_RENEW_EVERY_MS, REDIS_TTL_MS } from '../lease/host_lease.ts'
import { createJournalLease } from '../lease/journal_lease.ts'
import type { RedisLeases } from '../lease/redis_leases.ts'
import { createSenderLease } from '../lease/sender_lease.ts'
import { memoryJournal, quiet } from './kit.ts'
import { TestRedis } from './test_redis.ts'

export const NAME = 'KKT-001'
/** How long a host with receipts to send keeps a lease that another one waits for. */
export const TURN_MS = 5000
/** Longer than anything that is left to run out. */
export const LONG_MS = (LONG ? 10 : 4) * REDIS_TTL_MS
/** Where somebody watches who may send: how often. */
const STEP_MS = LONG ? 50 : 100

/**
 * A process that wants to send. The others cannot tell whether it lives.
 * @param on the host: its journal and its way to Redis
 */
export function contender(clock: TestClock, process: string, on: { journal: Journal; hosts: RedisLeases | null }) {
  let taken = 0
  const work = { wants: false, sending: false }
  const own = createJournalLease({
    journal: on.journal,
    clock,
    logger: quiet,
    name: NAME,
    self: `container of ${process}|1|${process}`,
  })
  const sender = createSenderLease({ ...on, own, clock, logger: quiet, name: NAME, turnMs: TURN_MS })
  own.onTaken(() => sender.nudge())
  sender.holdFor({ wantsToSend: () => work.wants, isSending: () => work.sending })
  sender.onTaken(() => taken++)
  return {
    own,
    sender,
    work,
    journal: on.journal,
    timesTaken: () => taken,
    /** The token to send with, which it must have. */
    token(): FencingToken {
      const token = sender.token()
      if (token === null) throw new Error(`${process} may not send`)
      return token
    },
    async turn(): Promise<void> {
      await own.turn()
      await sender.turn()
    },
    start(): void {
      own.start()
      sender.start()
    },
    async release(): Promise<void> {
      await sender.release()
      await own.release()
    },
    events: () =>
      on.journal.events
        .list({ receiptId: null, kind: 'lease' }, null, 10)
        .items.map(({ from, to, detail }) => `${from}>${to} ${detail}`)
        .toReversed(),
  }
}

type Contender = ReturnType<typeof contender>

/** A host with one process on its buffer. */
const aloneOn = (clock: TestClock, host: string, hosts: RedisLeases | null): Contender =>
  contender(clock, host, { journal: memoryJournal(clock), hosts })

/** A host and Redis. The process keeps the lease in the journal. */
export async function oneHost() {
  const clock = new TestClock()
  const redis = new TestRedis(clock)
  const link = redis.connect('first')
  const first = aloneOn(clock, 'first', link)
  first.own.start()
  await settle()
  return { clock, redis, link, first }
}

/** The answers of `askedInVain` where the host waits until the lease of another one would have run out. */
export const FOR_AS_LONG_AS_A_LEASE = [...Array(7).fill(false), true, true]
/** A host asks Redis again and again without an answer. Resolves to whether it may send after each time. */
export async function askedInVain(
  { clock, first }: Awaited<ReturnType<typeof oneHost>>,
  times = FOR_AS_LONG_AS_A_LEASE.length,
): Promise<boolean[]> {
  const may: boolean[] = []
  for (let asked = 0; asked < times; asked++) {
    await clock.advance(REDIS_RENEW_EVERY_MS)
    await first.sender.turn()
    may.push(first.sender.token() !== null)
  }
  return may
}

/** A host without others. The process keeps the lease in the journal. */
export async function withoutRedis() {
  const clock = new TestClock()
  const first = aloneOn(clock, 'first', null)
  first.own.start()
  await settle()
  return { clock, first }
}

/** Two hosts and Redis. The processes keep the leases in their journals. */
export async function twoHosts() {
  const { clock, redis, link, first } = await oneHost()
  const secondLink = redis.connect('second')
  const second = aloneOn(clock, 'second', secondLink)
  second.own.start()
  await settle()
  const senders = () => [first, second].map(({ sender }) => sender.token() !== null)
  /** Lets time pass in small steps. Resolves to whether both hosts could ever send at once. */
  async function everBothIn(ms: number): Promise<boolean> {
    let both = false
    await clock.advanceLooking(ms, STEP_MS, () => {
      both ||= senders().every(Boolean)
    })
    return both
  }
  return { clock, redis, links: [link, secondLink] as const, first, second, senders, everBothIn }
}

/** This many hosts and Redis. The processes keep the leases in their journals, and have nothing to send. */
export async function hostsOf(count: number) {
  const clock = new TestClock()
  const redis = new TestRedis(clock)
  const hosts = Array.from({ length: count }, (_, n) => {
    const link = redis.connect(`host ${n}`)
    return { ...aloneOn(clock, `host ${n}`, link), link }
  })
  for (const host of hosts) host.own.start()
  await settle()
  /** The numbers of the hosts that may send. */
  const senders = () => hosts.flatMap(({ sender }, n) => (sender.token() === null ? [] : [n]))
  /** Lets time pass in small steps. Resolves to the senders in order, with times, and whether two ever overlapped. */
  async function watch(ms: number) {
    const turns: { host: number; atMs: number }[] = []
    let isDoubled = false
    await clock.advanceLooking(ms, STEP_MS, () => {
      const [host, ...others] = senders()
      isDoubled ||= others.length > 0
      if (host !== undefined && host !== turns.at(-1)?.host) turns.push({ host, atMs: clock.monotonicMs() })
    })
    return { turns, isDoubled }
  }
  return { clock, redis, hosts, senders, watch }
}

/** Two processes on one host. Neither can tell whether the other lives. */
export function twoProcesses() {
  const clock = new TestClock()
  const redis = new TestRedis(clock)
  const journal = memoryJournal(clock)
  const process = (name: string) => contender(clock, name, { journal, hosts: redis.connect('the host') })
  return { clock, redis, first: process('first'), second: process('second') }
}
