-- Schema 111: receipts that the KKT hands to the OFD by itself. The OFD gives those no `ofd_id`.

DROP VIEW receipts;

-- The states again. SQLite changes no CHECK of a table.
ALTER TABLE states RENAME TO states_110;
DROP INDEX states_before_the_end;
DROP INDEX states_to_deliver;
DROP INDEX states_without_paper;
DROP INDEX states_by_ofd_id;
DROP INDEX states_ended;
DROP INDEX states_untold;

CREATE TABLE states (
  seq INTEGER PRIMARY KEY REFERENCES sales (seq) ON DELETE CASCADE,
  -- The till.
  pos_id TEXT NOT NULL,
  status TEXT NOT NULL,
  -- When the status or the paper last changed.
  changed_at_ms INTEGER NOT NULL,
  -- The document's place, once there is one.
  place INTEGER,
  -- 1: the document is closed in the FN, but not on paper yet.
  needs_paper INTEGER NOT NULL DEFAULT 0 CHECK (needs_paper = 0 OR needs_paper = 1 AND place IS NOT NULL),

  -- Delivery. 1: it was sent once without a clear outcome, so it is looked up at the OFD before it is sent again.
  maybe_at_ofd INTEGER NOT NULL DEFAULT 0 CHECK (maybe_at_ofd BETWEEN 0 AND 1),
  retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  -- The number of receipts delivered in all when this one last failed. It shows whether another got through since.
  delivered_at_failure INTEGER,
  -- NULL in a synced receipt: the KKT has told that the OFD holds it.
  ofd_id TEXT,
  synced_at_ms INTEGER,
  dlq_reason TEXT CHECK (dlq_reason IS NULL OR dlq_reason = 'refused_by_ofd' OR dlq_reason = 'retries_exhausted'),
  last_error TEXT,
  -- The operator's reason for closing it.
  close_reason TEXT,
  -- The FN in the KKT when the receipt was last handed over. NULL: it was not, or the KKT said that it made no document, so that
  -- it does not matter which FN is asked for one.
  handed_turn INTEGER,
  -- 1: that FN was replaced before it told the outcome. The receipt is asked for no more: an operator has to say it.
  untold INTEGER NOT NULL DEFAULT 0 CHECK (untold = 0 OR untold = 1 AND status = 'unknown' AND handed_turn IS NOT NULL),

  -- The columns that each status implies. domain/state.ts explains the statuses.
  CHECK (CASE status
    WHEN 'accepted' THEN place IS NULL
    WHEN 'printing' THEN place IS NULL
    WHEN 'unknown' THEN place IS NULL
    WHEN 'refused' THEN place IS NULL AND last_error IS NOT NULL
    WHEN 'pending' THEN place IS NOT NULL
    WHEN 'syncing' THEN place IS NOT NULL AND maybe_at_ofd = 1
    WHEN 'synced' THEN place IS NOT NULL
    WHEN 'failed' THEN place IS NOT NULL AND last_error IS NOT NULL
    WHEN 'closed' THEN place IS NOT NULL AND last_error IS NOT NULL
    ELSE false
  END),
  CHECK ((status = 'synced') = (synced_at_ms IS NOT NULL)),
  CHECK (ofd_id IS NULL OR status = 'synced'),
  CHECK ((status = 'failed') = (dlq_reason IS NOT NULL)),
  CHECK ((status = 'closed') = (close_reason IS NOT NULL))
) STRICT;

INSERT INTO states (seq, pos_id, status, changed_at_ms, place, needs_paper, maybe_at_ofd, retry_count, delivered_at_failure, ofd_id,
  synced_at_ms, dlq_reason, last_error, close_reason, handed_turn, untold)
SELECT seq, pos_id, status, changed_at_ms, place, needs_paper, maybe_at_ofd, retry_count, delivered_at_failure, ofd_id,
  synced_at_ms, dlq_reason, last_error, close_reason, handed_turn, untold
FROM states_110 ORDER BY seq;
DROP TABLE states_110;

-- SQLite uses it only for a query that also says `status <> 'synced'`.
CREATE INDEX states_before_the_end ON states (status) WHERE status <> 'synced';
CREATE INDEX states_to_deliver ON states (pos_id, place) WHERE status = 'pending';
CREATE INDEX states_without_paper ON states (needs_paper) WHERE needs_paper = 1;
-- Tells whether an `ofd_id` in an answer that names no receipt belongs to another receipt.
CREATE INDEX states_by_ofd_id ON states (ofd_id) WHERE ofd_id IS NOT NULL;
-- Ended receipts by the time of their end, to find the old ones.
CREATE INDEX states_ended ON states (changed_at_ms) WHERE status = 'synced' OR status = 'refused' OR status = 'closed';
CREATE INDEX states_untold ON states (untold) WHERE untold = 1;

-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index. `fiscal_doc` leaves out what `registration` says. `untold_fn`:
-- the FN that was replaced before it told the outcome. NULL: none was.
CREATE VIEW receipts AS
SELECT receipt_id,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, 1, instr(sales.idempotency_key, ' ') - 1) END AS key_owner,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, instr(sales.idempotency_key, ' ') + 1)
    ELSE sales.idempotency_key END AS idempotency_key,
  pos_id, content, filled_in, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, fiscal_sign, local_date, document AS fiscal_doc, registration, recorded_at_ms AS printed_at_ms,
  needs_paper, maybe_at_ofd, retry_count, delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason,
  contact, states.place, states.seq, untold,
  CASE untold WHEN 1 THEN (SELECT fn_number FROM fiscal_memories WHERE turn = handed_turn) END AS untold_fn
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;
