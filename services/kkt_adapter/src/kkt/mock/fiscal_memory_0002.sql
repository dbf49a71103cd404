-- Set when the paper is out. What was made before this was known counts as printed.
ALTER TABLE documents ADD COLUMN printed INTEGER NOT NULL DEFAULT 1 CHECK (printed IN (0, 1));

CREATE TABLE device (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- The newest fencing token that was seen: older ones are refused.
  newest_token INTEGER NOT NULL,
  -- What a test has it do wrong, as JSON.
  faults TEXT NOT NULL
) STRICT;

INSERT INTO device (id, newest_token, faults) VALUES (1, 0, '{}');
