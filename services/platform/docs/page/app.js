/** Shows the API's OpenAPI document to people. */
import { element, find, findAs, prose } from './dom.js'
import { idOf, routeCard } from './operations.js'
import { sentence } from './schemas.js'

/**
 * @typedef {import('./operations.js').Operation} Operation
 * @typedef {import('./operations.js').Route} Route
 * @typedef {object} OpenApi
 * @property {{ title: string, description: string, version: string }} info
 * @property {{ name: string, description: string }[]} tags
 * @property {Record<string, Record<string, Operation>>} paths
 * @property {{ schemas: import('./schemas.js').Schemas }} components
 * @property {Record<string, { status: number, meaning: string }>} x-problems
 */

const isWide = matchMedia('(min-width: 64rem)').matches
const said = find('#said')
const main = find('main')
const search = findAs('#find', HTMLInputElement)
const openAll = findAs('#open-all', HTMLButtonElement)

/** @returns {Promise<OpenApi>} */
async function load() {
  const answer = await fetch('openapi.json')
  if (!answer.ok) throw new Error(`openapi.json was answered ${answer.status}`)
  return await answer.json()
}

/** @param {OpenApi} api */
function show(api) {
  document.title = `${api.info.title} API`
  find('h1').textContent = `${api.info.title} API`
  find('#version').textContent = api.info.version
  find('#about').append(...prose(api.info.description))
  const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  for (const tag of api.tags) {
    const own = routes.filter(({ operation }) => operation.tags.includes(tag.name))
    if (own.length > 0) showGroup(tag, own, api.components.schemas)
  }
  showProblems(api['x-problems'])
}

/**
 * @param {OpenApi['tags'][number]} tag
 * @param {Route[]} routes
 * @param {OpenApi['components']['schemas']} named
 */
function showGroup({ name, description }, routes, named) {
  const id = `group-${name.replaceAll(/\W+/g, '-')}`
  main.append(
    element(
      'section',
      { 'aria-labelledby': id },
      element('h2', { id }, name),
      element('p', { class: 'nothing' }, ...prose(description)),
      ...routes.map((route) => routeCard(route, named)),
    ),
  )
  find('nav').append(
    element(
      'details',
      { open: isWide },
      element('summary', {}, name),
      element('ul', {}, ...routes.map((route) => element('li', {}, routeLink(route)))),
    ),
  )
}

/** @param {Route} route */
const routeLink = (route) =>
  element(
    'a',
    { href: `#${idOf(route)}`, title: `${route.method.toUpperCase()} ${route.path}` },
    route.operation.summary,
  )

/** @param {OpenApi['x-problems']} problems */
function showProblems(problems) {
  const sorted = Object.entries(problems).sort(([, one], [, other]) => one.status - other.status)
  main.append(
    element(
      'section',
      { 'aria-labelledby': 'problems' },
      element('h2', { id: 'problems' }, 'Problems'),
      element('p', { class: 'nothing' }, 'Each is answered as application/problem+json (RFC 9457), with this code.'),
      element(
        'dl',
        {},
        ...sorted.map(([code, { status, meaning }]) =>
          element(
            'div',
            {},
            element('dt', {}, element('code', {}, code), ` ${status}`),
            element('dd', {}, sentence(meaning)),
          ),
        ),
      ),
    ),
  )
  find('nav').append(element('a', { href: '#problems' }, 'Problems'))
}

const cards = () => [...main.querySelectorAll('details.route')].filter((one) => one instanceof HTMLDetailsElement)

function openAsked() {
  const asked = document.getElementById(location.hash.slice(1))
  if (!(asked instanceof HTMLElement)) return
  if (asked instanceof HTMLDetailsElement) asked.open = true
  asked.scrollIntoView()
  asked.querySelector('summary')?.focus({ preventScroll: true })
}

function filter() {
  const words = search.value.toLowerCase().trim()
  for (const card of cards()) {
    card.hidden = !card.querySelector('summary')?.textContent?.toLowerCase().includes(words)
  }
  const shown = cards().filter((card) => !card.hidden).length
  said.textContent = words === '' ? '' : `${shown} of ${cards().length} routes`
}

search.addEventListener('input', filter)
addEventListener('hashchange', openAsked)
openAll.addEventListener('click', () => {
  const isOpen = openAll.getAttribute('aria-pressed') !== 'true'
  openAll.setAttribute('aria-pressed', String(isOpen))
  openAll.textContent = isOpen ? 'Close all' : 'Open all'
  for (const card of cards()) card.open = isOpen
})

try {
  show(await load())
  said.textContent = ''
  openAsked()
} catch (error) {
  said.className = 'wrong'
  said.textContent = `The API could not be shown: ${error instanceof Error ? error.message : error}. Load the page again.`
}
