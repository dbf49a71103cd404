/**
 * Whether a suite that takes long runs whole (`make test LONG=1`, as CI does). Otherwise it draws less by chance, and files
 * `*.long.test.ts` are left out.
 */
export { LONG } from '@kkt/platform/testing.ts'
