import { ALERTS, inOrder, type Standing } from './alerts.ts'
import { useNow, usePage } from './page.ts'
import { adapterMs } from './state.ts'
import type { AlertWords } from './words/en_states.ts'

type Shown = AlertWords & { name: string; gravity: 'bad' | 'warn'; about: string }

/** All that a person should know or do now, in words. A screen reader hears each change. */
export function AlertsPanel() {
  const { words, live } = usePage()
  const nowMs = adapterMs(live, useNow())
  const { status, health, raised } = live
  if (status === null) return null
  const inSeconds = (iso: string) => Math.max(0, Math.ceil((Date.parse(iso) - nowMs) / 1000))
  const standing: Standing = { status, health, inSeconds }
  const { known, unknown } = inOrder(raised)
  const shown: Shown[] = [
    ...known.map((name) => ({ name, ...ALERTS[name], ...words.alerts[name](standing) })),
    ...unknown.map((name) => ({
      name,
      gravity: 'warn' as const,
      about: 'parts',
      text: name,
      action: raised[name] ?? '',
    })),
  ]
  return (
    <section class="alerts" aria-label={words.attention.title}>
      {shown.length === 0 && <p class="alert good">{words.attention.none}</p>}
      <ul>
        {shown.map(({ name, gravity, about, text, action }) => (
          <li key={name} class={`alert ${gravity}`}>
            <p>
              <strong>{text}</strong> {action}
            </p>
            <a href={`#${about}`}>{words.attention.look}</a>
          </li>
        ))}
      </ul>
      <p class="only-heard" role="status">
        {shown.map(({ action }) => action).join(' ')}
      </p>
    </section>
  )
}
