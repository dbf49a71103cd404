-- The service's memory: its requests, its settings and its devices. Names that end in `_ms` are Unix milliseconds.
CREATE TABLE requests (
  number INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  received_at_ms INTEGER NOT NULL,
  -- NULL: it is in the queue.
  ended_at_ms INTEGER,
  -- The tasks and the address of the callback, as JSON.
  asked TEXT NOT NULL,
  -- The states of the tasks, as JSON.
  states TEXT NOT NULL,
  -- The receipts that its tasks have made.
  receipts INTEGER NOT NULL DEFAULT 0,
  -- 1: its client has deleted it.
  is_canceled INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX unfinished ON requests (number) WHERE ended_at_ms IS NULL;
CREATE INDEX ended ON requests (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

CREATE TABLE kept (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
