import { ALERTS, gravityOf, inOrder, type Standing } from './alerts.ts'
import { DAY_PATH, useNow, usePage } from './page.ts'
import { adapterMs } from './state.ts'
import type { AlertWords } from './words/en_states.ts'

type Shown = AlertWords & { name: string; gravity: 'bad' | 'warn'; about: string }

/**
 * All that a person should know or do now, in words. A screen reader hears each change.
 * @param at the path of this page
 */
export function AlertsPanel({ at }: { at: string }) {
  const { words, live } = usePage()
  const shown = useTold()
  if (shown === null) return null
  return (
    <section class="alerts" aria-label={words.attention.title}>
      {shown.length === 0 && live.connection !== 'lost' && <p class="alert good">{words.attention.none}</p>}
      <ul>
        {shown.map(({ name, gravity, about, text, action }) => (
          <li key={name} class={`alert ${gravity}`}>
            <p>
              <strong>{text}</strong> {action}
            </p>
            <a href={placeOf(about, at)}>{words.attention.look}</a>
          </li>
        ))}
      </ul>
      <p class="only-heard" role="status">
        {shown.map(({ action }) => action).join(' ')}
      </p>
    </section>
  )
}

/** The panel that an alert is about. On the page itself only the fragment changes. */
function placeOf(about: string, at: string): string {
  const page = about === 'unclear' ? DAY_PATH : '/'
  return page === at ? `#${about}` : `${page}#${about}`
}

/** The adapter's alerts in words, or null before it has told where it stands. */
function useTold(): Shown[] | null {
  const { words, live } = usePage()
  const nowMs = adapterMs(live, useNow())
  const { status, health, raised } = live
  if (status === null) return null
  const inSeconds = (iso: string) => Math.max(0, Math.ceil((Date.parse(iso) - nowMs) / 1000))
  const standing: Standing = { status, health, inSeconds }
  const { known, unknown } = inOrder(raised, status)
  return [
    ...known.map((name) => ({
      name,
      about: ALERTS[name].about,
      gravity: gravityOf(name, status),
      ...words.alerts[name](standing),
    })),
    ...unknown.map((name) => ({
      name,
      gravity: 'warn' as const,
      about: 'parts',
      text: name,
      action: raised[name] ?? '',
    })),
  ]
}
