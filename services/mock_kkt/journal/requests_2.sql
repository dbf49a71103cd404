-- All that the counts are made of, and the end of each request, by which old ones are removed.
CREATE INDEX counted ON requests (ended_at_ms, receipts, is_canceled);
DROP INDEX ended;
