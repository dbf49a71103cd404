/** Shows a change of the configuration as a shell command. */
import { copy, quoted } from './copy.js'
import { element } from './dom.js'
import { controlUrl } from './mock.js'

/** @typedef {import('./mock.js').Configuration} Configuration */

/** @param {Configuration} change */
export const curlLine = (change) => `curl -sS ${quoted(controlUrl('config'))} -d ${quoted(JSON.stringify(change))}`

/**
 * @param {string} name
 * @param {() => Configuration} change
 */
export const curlButton = (name, change) =>
  element(
    'button',
    {
      type: 'button',
      class: 'curl',
      title: `Copy the curl line that puts ${name} on`,
      'aria-label': `Copy ${name} as curl`,
      click: () => void copy(curlLine(change()), name),
    },
    'curl',
  )
