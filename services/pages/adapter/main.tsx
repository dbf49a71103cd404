/**
 * The browsers' entry. It takes the place of the page: the adapter's, or at `/receipts/{id}` a receipt's. Without a token that the
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
import { Frame } from './frame.tsx'
import { keepLive } from './live.ts'
import { isLoggedIn, watchLogin } from './logged_in.ts'
import { LoginPage } from './login.tsx'
import { Overview } from './overview.tsx'
import { factsOf, Page, surroundingsOf } from './page.ts'
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
const receiptId = /^\/receipts\/([^/]+)$/.exec(location.pathname)?.[1]

document.documentElement.lang = page.words.locale
document.title = receiptId
  ? `${page.words.receipt.title} · ${page.words.title}`
  : `${page.words.title} ${page.facts.kktId}`

const isIn = !page.facts.hasTokens || (await isLoggedIn())
if (isIn) whileSeen(() => keepLive({ store, clock: systemClock, open: (url) => new EventSource(url) }))
if (isIn && page.facts.hasTokens) watchLogin(store, () => location.reload())

const place = document.querySelector('#page')
if (place) {
  render(
    <Page.Provider value={page}>
      {isIn ? <Frame>{receiptId ? <ReceiptView id={receiptId} /> : <Overview />}</Frame> : <LoginPage />}
    </Page.Provider>,
    place,
  )
}
