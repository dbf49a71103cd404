import { useEffect, useRef } from 'preact/hooks'
import { CurlButton } from './curl.tsx'
import { useLive, useNow, useSurroundings } from './page.ts'
import { type Item, itemsOf } from './plan.ts'
import type { Fault } from './wire.ts'

/** The faults that are on: each with what is left of it, to end or to pass on. */
export function InForce({ catalogue }: { catalogue: readonly Fault[] | null }) {
  const { facts, configure, telling } = useSurroundings()
  const { configuration } = useLive()
  const title = useRef<HTMLHeadingElement>(null)
  // Without both it is unknown whether a fault is on.
  const items = configuration && catalogue && itemsOf(configuration, catalogue)
  const count = items?.length ?? 0
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}Mock ${facts.service}`
  }, [count])

  const end = (change: Readonly<Record<string, unknown>>, done: string) => {
    // The button that has the focus goes away.
    title.current?.focus()
    telling(() => configure(change, done))
  }
  return (
    <section id="in-force" class={count > 0 ? 'panel on' : 'panel'} aria-labelledby="in-force-title">
      <h2 ref={title} id="in-force-title" tabIndex={-1}>
        In force
      </h2>
      {count === 0 && <p class="nothing">{items ? 'No fault: the mock works as it should.' : 'Loading'}</p>}
      <ul>
        {items?.map((item) => (
          <InForceItem
            key={item.key}
            item={item}
            onEnd={() => end({ [item.name]: item.without }, `${item.name} is ended`)}
          />
        ))}
      </ul>
      {items && count > 1 && (
        <button
          type="button"
          onClick={() => end(Object.fromEntries(items.map(({ name, off }) => [name, off])), 'all is ended')}
        >
          End all
        </button>
      )}
    </section>
  )
}

function InForceItem({ item, onEnd }: { item: Item; onEnd: () => void }) {
  const { configuredAtMs } = useLive()
  // The clock's last tick may be from before the configuration.
  const elapsedSeconds = Math.max(0, (useNow() - configuredAtMs) / 1000)
  return (
    <li>
      <strong>{item.name}</strong>
      <span class="plan">{item.words(elapsedSeconds)}</span>
      <span class="buttons">
        <CurlButton name={item.name} change={() => ({ [item.name]: item.whole })} />
        <button type="button" aria-label={`End ${item.name}`} onClick={onEnd}>
          End
        </button>
      </span>
    </li>
  )
}
