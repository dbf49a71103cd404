import { useState } from 'preact/hooks'
import { Refused } from '../kit/ask.ts'
import { Panel } from '../kit/ui.tsx'
import { logIn, logOut } from './logged_in.ts'
import { usePage } from './page.ts'
import { inWords } from './trouble.tsx'
import type { Words } from './words/en.ts'

/** Asks for a token, in the place of any page. */
export function LoginPage() {
  const { words, facts } = usePage()
  return (
    <>
      <header>
        <h1>
          {words.title} <small>{facts.kktId}</small>
        </h1>
        <nav aria-label={words.nav}>
          <a href="/docs">{words.docs}</a> <a href="/v1/health">{words.health}</a>
        </nav>
      </header>
      <main class="login">
        <Panel id="login" title={words.login.title}>
          <LoginForm />
        </Panel>
      </main>
    </>
  )
}

function LoginForm() {
  const { words } = usePage()
  const [token, setToken] = useState('')
  const [wrong, setWrong] = useState('')
  const [isBusy, setBusy] = useState(false)
  const enter = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    try {
      await logIn(token)
      location.reload()
    } catch (error) {
      setWrong(whyNot(error, words))
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void enter(event)}>
      <p>{words.login.text}</p>
      <label class="field">
        {words.login.token}
        <input
          type="password"
          autocomplete="current-password"
          required
          maxLength={256}
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <p class="actions">
        <button type="submit" class="main" disabled={isBusy}>
          {words.login.enter}
        </button>
      </p>
      <p role="alert" class={wrong ? 'wrong' : ''}>
        {wrong}
      </p>
    </form>
  )
}

function whyNot(error: unknown, words: Words): string {
  const code = error instanceof Refused ? error.code : ''
  if (code === 'token_unknown') return words.login.wrong
  if (code === 'not_allowed') return words.login.notOperator
  return code === 'too_many_wrong_tokens' ? words.login.tooMany : inWords(error, words)
}

/** Has the browser forget the token. */
export function LogOut() {
  const { words } = usePage()
  // The page of an adapter that is not reached goes on as it is.
  const leave = () =>
    logOut().then(
      () => location.reload(),
      () => undefined,
    )
  return (
    <button type="button" onClick={() => void leave()}>
      {words.login.leave}
    </button>
  )
}
