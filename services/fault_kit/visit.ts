import type { Clock } from '@kkt/platform/clock.ts'
import { Problem } from '@kkt/platform/problem.ts'
import type { Call, CallLog } from './calls.ts'
import { carryOut, type Ending, wholeAnswer } from './carry_out.ts'
import type { Connections } from './connections.ts'
import { type Reply, type Seen, type Stage, type Taking, USUAL_SIGHT, type Verdict } from './fault.ts'
import type { Finding } from './finding.ts'
import { type Body, type IdField, idIn, readBody, type Unreadable } from './reading.ts'
import { unavailable } from './replies.ts'
import type { Rule } from './rule.ts'
import { type Answer, pieceOf } from './wire.ts'

/** Thrown out of a route to end a call as the fault's verdict says, at whichever stage it struck. */
class FaultStruck extends Problem {
  constructor(
    fault: string,
    readonly answer: Response,
  ) {
    super(answer.status, fault, 'A configured fault struck this call.')
  }

  override toAnswer(): Response {
    return this.answer
  }
}

export type VisitTools = {
  service: string
  clock: Clock
  calls: CallLog
  connections: Connections
  taskIn: (body: unknown) => string | null
  onTaken: () => void
  /** Called for every call as soon as its outcome is known. */
  onEnded: (request: Request) => void
  /** When it is aborted, every wait ends. */
  dropped: AbortSignal
}

/** The parts of a call that are known at a stage. */
type Known = Partial<Pick<Seen, 'isKnown' | 'findings' | 'reply' | 'another'>>

/** A document without an id of its own is logged as a receipt of the id that the function makes. */
type Subject = IdField | ((body: unknown) => string | null)

/** The log's names for the ids in a body. */
const LOGGED_AS = { receipt_id: 'receiptId', uuid: 'receiptId', pos_id: 'posId', kkt_id: 'kktId' } as const

const USUAL: Taking = { again: false, rejectedAfterMs: null }

/** One call, from arrival to end, and the faults that may strike it. */
export class Visit {
  #isSettled = false

  /** @param rules null when no fault is configured, so that nothing need be checked */
  constructor(
    readonly call: Call,
    private readonly request: Request,
    private readonly rules: readonly Rule[] | null,
    private readonly tools: VisitTools,
  ) {}

  /**
   * Begins a call whose receipt the path names, or that is about none.
   * @throws FaultStruck when a fault ends it
   */
  arrive(receiptId: string | null, kktId: string | null): Promise<unknown> | undefined {
    this.call.receiptId = receiptId
    this.call.kktId = kktId
    if (receiptId !== null) this.tools.calls.countAttempt(this.call, receiptId)
    return this.rules ? this.#arriveThrough(this.rules) : undefined
  }

  /**
   * Begins a call whose receipt or sender the body names. An unreadable body is refused only after the faults: a
   * service that is down does not notice it.
   * @param subject the field that attempts are counted by, or a function that gives this id of a body, or null
   * @throws FaultStruck when a fault ends it
   * @throws Problem as `readText` and `parseJson` do
   */
  async read(limitBytes: number, subject: Subject, ...others: IdField[]): Promise<Body> {
    if (this.rules) await this.#meetConnection(this.rules)
    const body = await this.#kept(limitBytes)
    if ('value' in body) this.#isNamedIn(body.value, subject, others)
    if (this.rules) await this.#strike(this.rules, 'arrival')
    if ('problem' in body) throw body.problem
    return body
  }

  /**
   * Reads a body after the arrival, of a call that names itself by its path.
   * @throws Problem as `readText` and `parseJson` do
   */
  async readForm(limitBytes: number): Promise<Body> {
    const body = await this.#kept(limitBytes)
    if ('problem' in body) throw body.problem
    return body
  }

  /** Notes the things that are wrong with the document of this call. */
  judged(findings: readonly Finding[]): void {
    this.call.findings = findings
  }

  /** Lets faults strike between the reading of a call and its effect. @returns how to take it */
  beforeEffect(known: Pick<Known, 'isKnown' | 'findings'> = {}): Taking | Promise<Taking> {
    if (!this.rules) return USUAL
    return this.#strike(this.rules, 'before_effect', known).then(({ taking }) => taking)
  }

  /** @param isNew false when the mock already held it */
  took(isNew: boolean): void {
    this.call.effect = isNew
    this.tools.onTaken()
  }

  /**
   * Lets faults strike after the effect of a call.
   * @param another the answer to a look-up of another receipt
   * @returns the answer as the faults changed it
   */
  answer<Given extends Reply['body']>(status: number, body: Given, another?: Seen['another']): Given | Promise<Given> {
    if (this.rules) return this.#answerThrough(this.rules, { status, body }, another)
    this.settle(status, true, body)
    return body
  }

  settle(status: number | null, isReplied: boolean, answer: Answer | null): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.tools.onEnded(this.request)
    // A call from before a reset is not counted after it.
    if (this.tools.dropped.aborted) return
    this.tools.calls.settle(this.call, status, isReplied, answer)
  }

  /** The body, which the log keeps, too. */
  async #kept(limitBytes: number): Promise<Body | Unreadable> {
    const body = await readBody(this.request, limitBytes)
    if (this.call.wire && body.text !== null) this.call.wire.sent = pieceOf(body.text)
    return body
  }

  #isNamedIn(body: unknown, subject: Subject, others: readonly IdField[]): void {
    for (const field of others) this.call[LOGGED_AS[field]] = idIn(body, field)
    const type = this.tools.taskIn(body)
    if (type !== null) this.call.task = { type, status: null, fdNumber: null }
    const counted = typeof subject === 'function' ? subject(body) : idIn(body, subject)
    this.call[typeof subject === 'function' ? 'receiptId' : LOGGED_AS[subject]] = counted
    if (counted !== null) this.tools.calls.countAttempt(this.call, counted)
  }

  async #arriveThrough(rules: readonly Rule[]): Promise<void> {
    await this.#meetConnection(rules)
    await this.#strike(rules, 'arrival')
  }

  /** Nothing is read on a dead connection. */
  async #meetConnection(rules: readonly Rule[]): Promise<void> {
    const { connections } = this.tools
    await this.#strike(rules, 'connection')
    if (connections.isDeafTo(this.request)) {
      this.#isStruckBy('half_open')
      await this.#end('half_open', { kind: 'silence' }, this.#seen())
    }
    if (connections.sendStray(this.request)) this.#isStruckBy('second_answer')
  }

  async #answerThrough<Given extends Reply['body']>(
    rules: readonly Rule[],
    { status, body }: { status: number; body: Given },
    another?: Seen['another'],
  ): Promise<Given> {
    const known = { reply: { status, body }, ...(another && { another }) }
    const { amendments } = await this.#strike(rules, 'after_effect', known)
    const amended = { ...body, ...amendments }
    this.settle(status, true, amended)
    return amended
  }

  #seen(known: Known = {}): Seen {
    const peer = () => this.tools.connections.peerOf(this.request)
    return { ...this.call, ...USUAL_SIGHT, service: this.tools.service, ...known, peer }
  }

  /** Asks the faults of this stage. @throws FaultStruck when one of them ends the call */
  async #strike(
    rules: readonly Rule[],
    stage: Stage,
    known?: Known,
  ): Promise<{ taking: Taking; amendments: Reply['body'] }> {
    const seen = this.#seen(known)
    let taking = USUAL
    let amendments: Reply['body'] = {}
    for (const rule of rules) {
      const reply = { ...seen.reply, body: { ...seen.reply.body, ...amendments } }
      const verdict = rule.stage === stage ? rule.decide({ ...seen, reply }) : undefined
      // Work that follows the answer has a stage of its own (later.ts).
      if (!verdict || verdict.kind === 'in_task') continue
      this.#isStruckBy(rule.fault)
      if (verdict.kind === 'take') taking = { ...taking, ...verdict.how }
      else if (verdict.kind === 'amend') amendments = { ...amendments, ...verdict.body }
      else await this.#undergo(rule.fault, verdict, { ...seen, reply })
    }
    return { taking, amendments }
  }

  async #undergo(
    fault: string,
    verdict: Exclude<Verdict, { kind: 'take' | 'amend' | 'in_task' }>,
    call: Seen,
  ): Promise<void> {
    const { connections } = this.tools
    if (verdict.kind === 'go_deaf') connections.goDeaf(this.request)
    else if (verdict.kind === 'answer_again') connections.answerAgain(this.request, wholeAnswer(call.reply))
    else if (verdict.kind === 'delay') await this.#delay(fault, verdict.ms, call)
    else await this.#end(fault, verdict, call)
  }

  #isStruckBy(fault: string): void {
    this.call.fault = fault
    this.call.wire?.struck.push(fault)
    if (!this.tools.dropped.aborted) this.tools.calls.countStrike(fault)
  }

  async #delay(fault: string, ms: number, call: Seen): Promise<void> {
    const { clock, dropped } = this.tools
    await clock.wait(ms, dropped)
    if (dropped.aborted) await this.#end(fault, unavailable(call), call)
  }

  async #end(fault: string, verdict: Ending, call: Seen): Promise<never> {
    const onDecided = (status: number | null, isReplied: boolean, answer: Answer | null) =>
      this.settle(status, isReplied, answer)
    throw new FaultStruck(fault, await carryOut(verdict, { ...this.tools, call, request: this.request, onDecided }))
  }
}
