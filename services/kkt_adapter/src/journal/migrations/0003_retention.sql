-- What has come to its end, by when it did, to find what has been kept long enough.
DROP INDEX receipts_delivered;
CREATE INDEX receipts_ended ON receipts (changed_at_ms) WHERE status IN ('synced', 'refused');
