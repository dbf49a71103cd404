import { useEffect, useMemo, useState } from 'preact/hooks'
import { usePage } from './page.ts'
import { createSender, type Sending } from './sending.ts'

/**
 * A request of this page that prints. One that a page before left without an outcome is sent again at once.
 * @param name tells it from others
 */
export function useSending<Answer>(name: string) {
  const { words, changed } = usePage()
  const [sending, setSending] = useState<Sending<Answer>>({ kind: 'idle' })
  const sender = useMemo(() => {
    const onChange = (now: Sending<Answer>) => {
      setSending(now)
      if (now.kind !== 'under_way') changed()
    }
    return createSender<Answer>({ storage: localStorage, name, language: words.locale, onChange })
  }, [name])
  useEffect(() => void sender.resume(), [sender])
  return { sending, ...sender }
}
