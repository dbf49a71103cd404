import { z } from 'zod'

/**
 * A whole number in an answer. Unlike `z.int()` it takes one beyond 2^53: an answer that fails its schema is a 500, and who
 * watches has to see what there is, however it came to be.
 */
export const whole = z.number()
