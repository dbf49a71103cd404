import type { ComponentChildren } from 'preact'
import type { Refused } from '../kit/ask.ts'
import { usePage } from './page.ts'
import type { Sending } from './sending.ts'

type OutcomeProps<Answer> = {
  sending: Sending<Answer>
  onAgain: () => void
  /** Shows what was printed. */
  done: (answer: Answer) => ComponentChildren
}

/** The outcome of a request that prints, for screen readers too. */
export const SendingOutcome = <Answer,>({ sending, onAgain, done }: OutcomeProps<Answer>) => (
  <div role="status">
    {sending.kind === 'done' ? done(sending.answer) : <NotDone sending={sending} onAgain={onAgain} />}
  </div>
)

/** The outcome while nothing is printed. */
function NotDone<Answer>({ sending, onAgain }: Omit<OutcomeProps<Answer>, 'done'>) {
  const { words } = usePage()
  if (sending.kind === 'under_way') return <p class="calm">{words.giveBack.underWay}</p>
  if (sending.kind === 'refused') return <Problem refused={sending.refused} />
  if (sending.kind !== 'unclear') return null
  return (
    <>
      <Problem refused={sending.refused} />
      <p>{words.giveBack.unclear}</p>
      <p class="actions">
        <button type="button" class="main" onClick={onAgain}>
          {words.giveBack.again}
        </button>
      </p>
    </>
  )
}

/** A problem in the adapter's words. */
function Problem({ refused }: { refused: Refused }) {
  const { words } = usePage()
  if (refused.code === 'unreachable') return <p class="wrong">{words.unreachable}</p>
  return (
    <div class="wrong">
      <strong>{refused.title}</strong>
      <p>{refused.message}</p>
      <ul>
        {refused.errors.map(({ pointer, message }) => (
          <li key={pointer + message}>
            <code>{pointer}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
