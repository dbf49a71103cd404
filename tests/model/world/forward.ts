/** An object that looks like `first` and forwards to `now()`. */
export const forward = <T extends object>(first: T, now: () => T): T =>
  new Proxy(first, {
    get: (_first, name) => {
      const target = now()
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
