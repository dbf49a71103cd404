-- Every step of a receipt writes each page that it touches whole, so indexes are as few and as small as they can be. Rows
-- are inserted in the order of acceptance, and rowids grow: within a status or a till an index gives that order by itself.
DROP INDEX receipts_by_status;
DROP INDEX receipts_by_pos;
CREATE INDEX receipts_by_status ON receipts (status);
CREATE INDEX receipts_by_pos ON receipts (pos_id);

-- What is old among the events is found by walking from the first.
DROP INDEX events_by_time;
