import { isIPv4 } from 'node:net'

/** Whether this name or address, without brackets, is of the machine itself. */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && /^127\./.test(name))
}
