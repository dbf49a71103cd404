import { isIPv4 } from 'node:net'

/** Whether this name or address, without brackets, is of the machine itself. */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && /^127\./.test(name))
}

/** The addresses that Docker gives to the networks of a machine's containers. */
const CONTAINERS = /^172\.(?:1[6-9]|2\d|3[01])\./

/** Whether a name or address, without brackets, is of the machine itself or of one of its containers. */
export const isOfThisMachine = (host: string): boolean => {
  if (isLoopback(host) || (isIPv4(host) && CONTAINERS.test(host))) return true
  // A container is named by one word.
  return !/[.:]/.test(host)
}
