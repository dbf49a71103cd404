import { z } from 'zod'

/**
 * A whole number in an answer. Unlike `z.int()` it takes one beyond 2^53: an answer that fails its schema is a 500, and
 * an operator has to see the number however it arose.
 */
export const whole = z.number().meta({ type: 'integer' })
