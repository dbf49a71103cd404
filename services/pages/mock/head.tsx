import { useRef, useState } from 'preact/hooks'
import { ConnectionBadge, Dialog } from '../kit/ui.tsx'
import { useLive, useSurroundings } from './page.ts'

const CONNECTION = { connecting: 'connecting', live: 'live', lost: 'not reached, trying again' } as const

/** Whose page it is, whether it is live, and what can be done to the mock as a whole. */
export function Head() {
  const { facts } = useSurroundings()
  const { connection, said } = useLive()
  return (
    <header>
      <h1>Mock {facts.service}</h1>
      <ConnectionBadge connection={connection} words={CONNECTION} />
      <nav aria-label="On this page">
        <a href="#calls">Calls</a> <a href="#faults">Faults</a>
      </nav>
      <div class="actions">
        <Reset />
        <a
          class="button"
          href={`${facts.control}/export`}
          download={`mock_${facts.service.toLowerCase()}.json`}
          title="The whole state in one file"
        >
          Export
        </a>
        <a class="button" href="docs" title="All routes, with their fields and answers">
          API
        </a>
        <Import />
      </div>
      <p id="said" role="status" class={said.isWrong ? 'wrong' : ''}>
        {said.text}
      </p>
    </header>
  )
}

/** Asks before a reset, because a reset cannot be undone. */
function Reset() {
  const { facts, control, telling, say } = useSurroundings()
  const [isAsking, setAsking] = useState(false)
  const reset = () => {
    setAsking(false)
    telling(async () => {
      await control.reset()
      say('Reset: no fault is on and nothing is counted')
    })
  }
  return (
    <>
      <button
        type="button"
        id="reset"
        title="Ends all faults and forgets all calls"
        aria-haspopup="dialog"
        onClick={() => setAsking(true)}
      >
        Reset
      </button>
      {isAsking && (
        <Dialog title={`Reset the mock ${facts.service}?`} onClose={() => setAsking(false)}>
          <p>
            All faults end, and all calls and {facts.counted} are forgotten. It cannot be undone; Export keeps them.
          </p>
          <p class="actions">
            <button type="button" id="confirm-no" onClick={() => setAsking(false)}>
              Cancel
            </button>
            <button type="button" class="grave" onClick={reset}>
              Reset
            </button>
          </p>
        </Dialog>
      )}
    </>
  )
}

function Import() {
  const { control, telling, say } = useSurroundings()
  const file = useRef<HTMLInputElement>(null)
  const bring = (input: HTMLInputElement) => {
    const [chosen] = input.files ?? []
    if (!chosen) return
    telling(async () => {
      // Emptied at the end, so that the same file can be chosen again.
      await control.import(chosen).finally(() => {
        input.value = ''
      })
      say(`${chosen.name} is imported`)
    })
  }
  return (
    <>
      <button type="button" title="Restores an exported state" onClick={() => file.current?.click()}>
        Import
      </button>
      <input
        ref={file}
        type="file"
        id="import-file"
        accept="application/json,.json"
        aria-label="File to import"
        tabIndex={-1}
        hidden
        onChange={({ currentTarget }) => bring(currentTarget)}
      />
    </>
  )
}
