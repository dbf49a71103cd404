/** The browsers' entry. It takes the place of a mock's page. */
import '../kit/theme.css'
import './mock.css'
import { systemClock } from '@kkt/platform/clock.ts'
import { render } from 'preact'
import { createStore, createTicker } from '../kit/store.ts'
import { whileSeen } from '../kit/stream.ts'
import { CallsPanel } from './calls.tsx'
import { createControl, factsOf } from './control.ts'
import { CountersPanel } from './counters.tsx'
import { Faults } from './faults.tsx'
import { Head } from './head.tsx'
import { keepLive } from './live.ts'
import { Page, surroundingsOf } from './page.ts'
import { NOTHING_KNOWN } from './state.ts'

/** Four renders a second keep up with any number of calls. */
const RENDER_EVERY_MS = 250

const facts = factsOf(document.body.dataset)
const store = createStore(NOTHING_KNOWN, { clock: systemClock, everyMs: RENDER_EVERY_MS })
const control = createControl(facts, document.baseURI)
const page = surroundingsOf({ facts, control, clock: systemClock, store, ticker: createTicker(systemClock) })

document.title = `Mock ${facts.service}`
whileSeen(() => keepLive({ store, control, clock: systemClock, open: (url) => new EventSource(url) }))

const place = document.querySelector('#page')
if (place) {
  render(
    <Page.Provider value={page}>
      <Head />
      <Faults above={<CountersPanel />} beside={<CallsPanel />} />
    </Page.Provider>,
    place,
  )
}
