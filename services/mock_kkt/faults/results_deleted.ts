import { deedFault } from './deed.ts'

/** @param remove deletes the results of all requests that have ended */
export const resultsDeleted = (remove: () => void) =>
  deedFault({
    name: 'results_deleted',
    summary:
      'The results of all requests that have ended are deleted at once: a look-up gets 404, and the same uuid would be done again.',
    deed: remove,
  })
