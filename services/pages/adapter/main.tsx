/**
 * The browsers' entry. It takes the place of the page: the adapter's, at `/day` the shop's day, or at `/receipts/{id}` a receipt's. Without a token that the
 * adapter wants it is a form for one.
 */
import '../kit/theme.css'
import './adapter.css'
import './login.css'
import 'uplot/dist/uPlot.min.css'
import { systemClock } from '@kkt/platform/clock.ts'
import { render } from 'preact'
import { createStore, createTicker } from '../kit/store.ts'
import { whileSeen } from '../kit/stream.ts'
import { DayView } from './day.tsx'
import { Frame } from './frame.tsx'
import { keepLive } from './live.ts'
import { isLoggedIn, watchLogin } from './logged_in.ts'
import { LoginPage } from './login.tsx'
import { Overview } from './overview.tsx'
import { DAY_PATH, factsOf, Page, type Surroundings, surroundingsOf } from './page.ts'
import { ReceiptView } from './receipt_page.tsx'
import { NOTHING_KNOWN } from './state.ts'

/** Four renders a second keep up with any number of receipts. */
const RENDER_EVERY_MS = 250

const store = createStore(NOTHING_KNOWN, { clock: systemClock, everyMs: RENDER_EVERY_MS })
const page = surroundingsOf({
  languages: navigator.languages,
  clock: systemClock,
  store,
  ticker: createTicker(systemClock),
  facts: factsOf(document.body.dataset),
})

document.documentElement.lang = page.words.locale
document.title = titleOf(page)

const isIn = !page.facts.hasTokens || (await isLoggedIn())
if (isIn) whileSeen(() => keepLive({ store, clock: systemClock, open: (url) => new EventSource(url) }))
if (isIn && page.facts.hasTokens) watchLogin(store, () => location.reload())

const place = document.querySelector('#page')
if (place) {
  render(
    <Page.Provider value={page}>{isIn ? <Frame>{shown(location.pathname)}</Frame> : <LoginPage />}</Page.Provider>,
    place,
  )
}

function receiptIn(path: string): string | undefined {
  return /^\/receipts\/([^/]+)$/.exec(path)?.[1]
}

function shown(path: string) {
  const receiptId = receiptIn(path)
  if (receiptId) return <ReceiptView id={receiptId} />
  return path === DAY_PATH ? <DayView /> : <Overview />
}

function titleOf({ words, facts }: Surroundings): string {
  const { pathname } = location
  if (receiptIn(pathname)) return `${words.receipt.title} · ${words.title}`
  return pathname === DAY_PATH ? `${words.day.title} · ${words.title}` : `${words.title} ${facts.kktId}`
}
