/** The result of one step of the work at the KKT. `blocked`: the KKT or the disk needs a pause. */
export type Step = 'worked' | 'idle' | 'blocked'
