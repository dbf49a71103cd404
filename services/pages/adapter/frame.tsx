import type { ComponentChildren } from 'preact'
import { Badge, ConnectionBadge } from '../kit/ui.tsx'
import { LogOut } from './login.tsx'
import { DAY_PATH, usePage } from './page.ts'
import { HEALTH_TONE } from './parts.ts'
import { overall } from './state.ts'

/** The head of each page: whose it is, whether it is live, and how the adapter is. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { words, live, facts } = usePage()
  const { connection } = live
  const status = overall(live)
  return (
    <>
      <header>
        <h1>
          <a href="/">{words.title}</a> <small>{facts.kktId}</small>
        </h1>
        <ConnectionBadge connection={connection} words={words.connection} />
        {status && connection !== 'lost' && <Badge tone={HEALTH_TONE[status]}>{words.healths[status]}</Badge>}
        <nav aria-label={words.nav}>
          <a href={DAY_PATH}>{words.day.title}</a> <a href="/docs">{words.docs}</a>{' '}
          <a href="/v1/health">{words.health}</a> {facts.hasTokens && <LogOut />}
        </nav>
      </header>
      {connection === 'lost' && (
        <p class="alert bad lost" role="alert">
          <span>
            <strong>{words.attention.lost.text}</strong> {words.attention.lost.action}
          </span>
        </p>
      )}
      {children}
    </>
  )
}
