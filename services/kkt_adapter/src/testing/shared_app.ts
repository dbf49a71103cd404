import { AsyncLocalStorage } from 'node:async_hooks'

type App = { handle(request: Request): Response | Promise<Response> }

/**
 * An app for all tests of this process, because building one takes longer than most of its tests. Each request brings the
 * parts of its own test and reaches no others.
 * @param build gets a stand-in for the parts. The numbers, strings and nulls that it reads while it builds are those of
 *   the first test, so they must be the same for all, and so must the length of a list.
 */
export function sharedApp<Parts extends object>(build: (parts: Parts) => App) {
  const current = new AsyncLocalStorage<Parts>()
  let app: App | undefined
  return (parts: Parts, request: Request): Promise<Response> => {
    app ??= build(standIn(parts, () => current.getStore()))
    const shared = app
    return current.run(parts, async () => shared.handle(request))
  }
}

/**
 * Stands in for a part while the routes are built, and for whatever of it they keep.
 * @param first the part of the first test
 * @param current the part of the request under way, or undefined outside any request
 */
function standIn<Part extends object>(first: Part, current: () => object | undefined): Part {
  return new Proxy(first, {
    get(_, name) {
      const own = current()
      if (own !== undefined) return fieldOf(own, name)
      return standInFor(Reflect.get(first, name), name, current)
    },
  })
}

/** For a field of a part, or an entry of a list. */
function standInFor(value: unknown, name: PropertyKey, current: () => object | undefined): unknown {
  if (typeof value === 'function') return (...args: unknown[]) => fieldOf(current() ?? outside(name), name)(...args)
  if (typeof value !== 'object' || value === null) return value
  const currentValue = () => {
    const part = current()
    return part && fieldOf(part, name)
  }
  if (Array.isArray(value)) return value.map((entry, index) => standInFor(entry, index, currentValue))
  return standIn(value, currentValue)
}

function fieldOf(part: object, name: PropertyKey) {
  const value = Reflect.get(part, name)
  return typeof value === 'function' ? value.bind(part) : value
}

function outside(name: PropertyKey): never {
  throw new Error(`${String(name)} is used outside any request, where no test's part can be meant.`)
}
