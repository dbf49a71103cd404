import { addCall, replaceCalls, SHOWN_CALLS } from './calls.js'
import { refreshCounters } from './counters.js'
import { find, findAs } from './dom.js'
import { listFaults, markFaults } from './faults.js'
import { showsInForce } from './in_force.js'
import { listen, mock, Refused } from './mock.js'
import { asksBeforeReset } from './reset.js'

/**
 * @typedef {import('./mock.js').Fault} Fault
 * @typedef {import('./mock.js').Configuration} Configuration
 */

const connection = find('#connection')
const said = find('#said')
const file = findAs('#import-file', HTMLInputElement)
const inForce = showsInForce((change, done) => void telling(() => configure(change, done)))

/** @type {Fault[]} */
let catalogue = []
/** @type {Configuration | undefined} Undefined until the mock has sent it. */
let configuration

/**
 * @param {string} text
 * @param {boolean} [isWrong]
 */
function say(text, isWrong = false) {
  said.textContent = text
  said.className = isWrong ? 'wrong' : ''
}

/**
 * Runs an action and shows why it was refused.
 * @param {() => Promise<void>} work
 */
async function telling(work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    say(error.message, true)
  }
}

/** @param {Configuration} [shown] the new configuration */
function show(shown = configuration) {
  configuration = shown
  // Without both it is unknown whether a fault is on.
  if (configuration === undefined || catalogue.length === 0) return
  inForce.show(configuration, catalogue)
  markFaults(configuration)
}

/**
 * @param {Configuration} change
 * @param {string} done the message after success
 */
async function configure(change, done) {
  show(await mock.configure(change))
  say(done)
}

/**
 * @type {Set<import('./mock.js').Call[]>} For each list being loaded: calls that arrived since, which the list may
 * lack.
 */
const cameSince = new Set()

/** Shows the calls that the mock keeps, and those that arrive while the list is loading. */
async function loadCalls() {
  /** @type {import('./mock.js').Call[]} */
  const came = []
  cameSince.add(came)
  try {
    replaceCalls(await mock.calls(SHOWN_CALLS))
  } finally {
    cameSince.delete(came)
  }
  for (const call of came) addCall(call)
}

const load = () =>
  telling(async () => {
    if (catalogue.length === 0) {
      catalogue = await mock.faults()
      listFaults(catalogue, configure)
      show()
    }
    await loadCalls()
    refreshCounters()
  })

asksBeforeReset(
  () =>
    void telling(async () => {
      await mock.reset()
      say('Reset: no fault is on and nothing is counted')
    }),
)

find('#import').addEventListener('click', () => file.click())
file.addEventListener('change', () =>
  telling(async () => {
    const [chosen] = file.files ?? []
    if (!chosen) return
    // Allows choosing the same file again.
    await mock.import(chosen).finally(() => {
      file.value = ''
    })
    say(`${chosen.name} is imported`)
  }),
)

listen({
  opened() {
    connection.textContent = 'live'
    connection.className = 'live'
    void load()
  },
  lost() {
    connection.textContent = 'not reached, trying again'
    connection.className = 'lost'
  },
  config(shown) {
    show(shown)
    refreshCounters()
  },
  call(call) {
    addCall(call)
    for (const came of cameSince) came.push(call)
    refreshCounters()
  },
  reset: () => void load(),
})
