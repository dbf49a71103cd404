/**
 * `lane (pos_id)`: the tills with a receipt to deliver, and a NULL. Steps from one pos_id to the next through the index, instead of
 * reading every pending receipt. The planner, without statistics, would take the index by status.
 */
export const TILLS_TO_DELIVER = `WITH RECURSIVE lane (pos_id) AS (
  SELECT min(pos_id) FROM states INDEXED BY states_to_deliver WHERE status = 'pending'
  UNION ALL
  SELECT (
    SELECT min(pos_id) FROM states INDEXED BY states_to_deliver WHERE status = 'pending' AND pos_id > lane.pos_id
  )
  FROM lane WHERE lane.pos_id IS NOT NULL
)`
