import { CopyButton, quoted } from '../kit/copy.tsx'
import { useSurroundings } from './page.ts'
import type { Configuration } from './wire.ts'

const WORDS = {
  title: 'Copy this line',
  text: 'The browser does not let this page use the clipboard. The line is selected: copy it by keyboard or menu.',
  close: 'Close',
}

/** Copies a change of the configuration as a shell command. */
export function CurlButton({ name, change }: { name: string; change: () => Configuration }) {
  const { control, say } = useSurroundings()
  return (
    <CopyButton
      label={`Copy ${name} as curl`}
      title={`Copy the curl line that puts ${name} on`}
      lineOf={() => `curl -sS ${quoted(control.url('config'))} -d ${quoted(JSON.stringify(change()))}`}
      onCopied={() => say(`the curl line of ${name} is copied`)}
      words={WORDS}
    >
      curl
    </CopyButton>
  )
}
