import { countedFault } from '../counted.ts'
import { unavailable } from '../fault.ts'

/** So many of the next submissions fail. */
export const failureCount = countedFault({
  name: 'failure_count',
  stage: 'arrival',
  inHealth: true,
  verdict: unavailable,
})
