/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Creates an element. Texts are set as text and never parsed as markup, because many come from outside.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | ((event: Event) => void)>} [attributes] a function is a listener;
 * false leaves out
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (value !== false) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return made
}

/** @param {string} selector */
export const find = (selector) => findAs(selector, HTMLElement)

/**
 * @template {HTMLElement} Kind
 * @param {string} selector
 * @param {{ new (): Kind }} kind
 * @returns {Kind}
 */
export function findAs(selector, kind) {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new Error(`The page has no ${selector}`)
}

/**
 * Shows text between backticks as code.
 * @param {string} text
 */
export const prose = (text) => text.split('`').map((part, i) => (i % 2 === 1 ? element('code', {}, part) : part))
