import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useRead } from '../kit/use.ts'
import { inWords } from './control.ts'
import { FaultCard } from './fault_card.tsx'
import { InForce } from './in_force.tsx'
import { useLive, useSurroundings } from './page.ts'
import { plansOf } from './plan.ts'
import type { Fault } from './wire.ts'

/** The faults that are on and those that there are, around the rest of the page. */
export function Faults({ above, beside }: { above: ComponentChildren; beside: ComponentChildren }) {
  const { control, clock, say } = useSurroundings()
  const { value, refused } = useRead(clock, 'faults', control.faults, useLive().connections)
  useEffect(() => {
    if (refused) say(inWords(refused), true)
  }, [refused])
  return (
    <>
      <InForce catalogue={value} />
      {above}
      <main>
        {beside}
        <FaultsPanel catalogue={value ?? []} />
      </main>
    </>
  )
}

function FaultsPanel({ catalogue }: { catalogue: readonly Fault[] }) {
  const { configuration } = useLive()
  const [sought, setSought] = useState('')
  // Hundreds of inputs: they are compared only when they may differ, not at each call that comes.
  const cards = useMemo(
    () =>
      catalogue.map((fault) => (
        <FaultCard
          key={fault.name}
          fault={fault}
          isOn={plansOf(fault, configuration?.[fault.name]).length > 0}
          isHidden={!isFound(fault, sought)}
        />
      )),
    [catalogue, configuration, sought],
  )
  return (
    <section id="faults" class="panel" aria-labelledby="faults-title">
      <div class="heading">
        <h2 id="faults-title">Faults</h2>
        <input
          type="search"
          id="find"
          placeholder="Find"
          aria-label="Find a fault by its name or what it does"
          value={sought}
          onInput={({ currentTarget }) => setSought(currentTarget.value)}
        />
      </div>
      <ul aria-labelledby="faults-title">{cards}</ul>
    </section>
  )
}

/** Names have underscores where a person may write blanks. */
const plain = (text: string) => text.trim().toLowerCase().replaceAll(' ', '_')

const isFound = ({ name, summary }: Fault, sought: string) => plain(`${name} ${summary}`).includes(plain(sought))
