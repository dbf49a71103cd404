-- The journal: every receipt with its idempotency key, what became of it, and what its adapter has to remember beside it.
-- Names that end in `_ms` are times in Unix milliseconds. Each step of a receipt writes every page that it touches whole, so
-- rows that change are small, and indexes few. CHECKs and the conditions of indexes compare one value at a time: of more than two
-- in a list SQLite would build a table for every row that is written.

-- 1. Receipts: what was sold, the document that the KKT made of it, and what has become of it. `seq` numbers them in the order of
-- acceptance. Most of a receipt is written once; only the small row of its state changes.

CREATE TABLE sales (
  seq INTEGER PRIMARY KEY,
  -- A UUIDv7 from the hybrid logical clock: sorting by it is sorting by the order of acceptance, but where a receipt that was
  -- lost came back from the KKT.
  receipt_id TEXT NOT NULL UNIQUE,
  -- A blank and the receipt_id stand for a key that the journal has lost and its till has not sent again.
  idempotency_key TEXT NOT NULL UNIQUE,
  -- The sold items and payments, as JSON. It also tells whether a key came again with the same body.
  content TEXT NOT NULL,
  total_kopecks INTEGER NOT NULL CHECK (total_kopecks > 0),
  created_at_ms INTEGER NOT NULL
) STRICT;

-- The FNs that this journal has met, in this order: what is in an earlier one is delivered first.
CREATE TABLE fiscal_memories (
  turn INTEGER PRIMARY KEY,
  fn_number TEXT NOT NULL UNIQUE,
  -- A document after this one, and after the last one in `documents`, is new to the journal: at a start it tells that the
  -- journal has lost something.
  known_through_fd INTEGER NOT NULL CHECK (known_through_fd >= 0),
  -- When the FN was found to hold documents that this journal had not recorded. NULL: never. Keys from before that time may
  -- be known to the FN only.
  strange_since_ms INTEGER
) STRICT;

-- The documents that FNs hold.
CREATE TABLE documents (
  -- Where it stands in the order of delivery: by its FN's turn, then by its number there.
  place INTEGER PRIMARY KEY CHECK (place = fn_turn * 4294967296 + fd_number),
  fn_turn INTEGER NOT NULL REFERENCES fiscal_memories (turn),
  fd_number INTEGER NOT NULL CHECK (fd_number BETWEEN 1 AND 4294967295),
  kind TEXT NOT NULL CHECK (kind = 'receipt'),
  recorded_at_ms INTEGER NOT NULL,
  -- As JSON.
  document TEXT NOT NULL
) STRICT;

CREATE TABLE states (
  seq INTEGER PRIMARY KEY REFERENCES sales (seq) ON DELETE CASCADE,
  -- The till.
  pos_id TEXT NOT NULL,
  status TEXT NOT NULL,
  -- When the status, or what is known of the paper, last changed.
  changed_at_ms INTEGER NOT NULL,
  -- Of its document, once there is one.
  place INTEGER,
  -- 1: the document is closed in the FN and not on paper yet.
  needs_paper INTEGER NOT NULL DEFAULT 0 CHECK (needs_paper = 0 OR needs_paper = 1 AND place IS NOT NULL),

  -- Delivery. 1: it was handed over once without a clear outcome, so it is looked up at the OFD before it is sent again.
  maybe_at_ofd INTEGER NOT NULL DEFAULT 0 CHECK (maybe_at_ofd BETWEEN 0 AND 1),
  retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  -- How many receipts had been delivered in all when this one last failed. It tells whether another got through since.
  delivered_at_failure INTEGER,
  ofd_id TEXT,
  synced_at_ms INTEGER,
  dlq_reason TEXT CHECK (dlq_reason IS NULL OR dlq_reason = 'refused_by_ofd' OR dlq_reason = 'retries_exhausted'),
  last_error TEXT,
  -- The operator's word by which it was closed.
  close_reason TEXT,

  -- What each status implies. domain/state.ts says what the statuses mean.
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
  CHECK (CASE status
    WHEN 'synced' THEN synced_at_ms IS NOT NULL AND ofd_id IS NOT NULL
    ELSE synced_at_ms IS NULL AND ofd_id IS NULL
  END),
  CHECK ((status = 'failed') = (dlq_reason IS NOT NULL)),
  CHECK ((status = 'closed') = (close_reason IS NOT NULL))
) STRICT;

-- SQLite takes it only for a query that says `status <> 'synced'` too.
CREATE INDEX states_before_the_end ON states (status) WHERE status <> 'synced';
CREATE INDEX states_to_deliver ON states (pos_id, place) WHERE status = 'pending';
CREATE INDEX states_without_paper ON states (needs_paper) WHERE needs_paper = 1;
-- It tells an OFD's answer that names no receipt from that for another receipt.
CREATE INDEX states_by_ofd_id ON states (ofd_id) WHERE ofd_id IS NOT NULL;
-- Receipts that have come to their end, by when they did, to find those that have been kept long enough.
CREATE INDEX states_ended ON states (changed_at_ms) WHERE status = 'synced' OR status = 'refused' OR status = 'closed';

-- In which thousands of receipts a till has some: `thousand` is seq / 1000. An index by till would be written in as many places
-- as tills sell at once.
CREATE TABLE till_thousands (
  pos_id TEXT NOT NULL,
  thousand INTEGER NOT NULL,
  PRIMARY KEY (pos_id, thousand)
) STRICT, WITHOUT ROWID;

-- Ids of receipts that turned out to be one that the KKT had printed for a lost journal. Tills may have been told them.
CREATE TABLE receipt_aliases (
  receipt_id TEXT PRIMARY KEY,
  is_now TEXT NOT NULL REFERENCES sales (receipt_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX receipt_aliases_of ON receipt_aliases (is_now);

-- A receipt as one row, for people and for what reads one as a whole.
CREATE VIEW receipts AS
SELECT receipt_id, idempotency_key, pos_id, content, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, document AS fiscal_doc, recorded_at_ms AS printed_at_ms, needs_paper, maybe_at_ofd, retry_count,
  delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason, states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;

-- 2. The audit log

-- Every transition of a receipt, and what the breaker, the lease and the link to Odoo did. The code writes it, once a
-- transaction: what is changed by hand is not in it. Receipts that made the same move in one transaction share a row, which
-- counts as an event for each.
CREATE TABLE events (
  -- Of its first event; the others have the numbers behind it. None is given twice, also when the event that had it is gone.
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- NULL: it had no state before.
  from_state TEXT,
  to_state TEXT NOT NULL,
  detail TEXT,
  -- The least and the greatest receipt_id, and where there is more than one, all of them as a JSON array, in their order.
  first_receipt TEXT,
  last_receipt TEXT,
  receipts TEXT,
  CHECK (CASE kind
    WHEN 'receipt' THEN first_receipt IS NOT NULL AND last_receipt IS NOT NULL
    WHEN 'breaker' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'lease' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'odoo' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    ELSE false
  END)
) STRICT;

-- The receipts of a row came within a second of each other: so the rows of one receipt are found by when it came.
CREATE INDEX events_of_receipts ON events (first_receipt, last_receipt) WHERE first_receipt IS NOT NULL;
-- The adapter's own events are few among those of receipts.
CREATE INDEX events_of_others ON events (kind) WHERE kind <> 'receipt';

-- The transitions of receipts, one row each.
CREATE VIEW receipt_events AS
SELECT events.id + ifnull(one.key, 0) AS id, at_ms, ifnull(one.value, first_receipt) AS receipt_id, from_state, to_state, detail
FROM events LEFT JOIN json_each(events.receipts) AS one
WHERE kind = 'receipt';

-- 3. Totals

-- One row, which outlives the receipts that it was counted from. The code keeps it, once a transaction, as it does the audit
-- log.
CREATE TABLE totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- It tells this buffer from that of another host with the same KKT.
  buffer_id TEXT NOT NULL DEFAULT '',

  -- The hybrid logical clock: the greatest receipt_id ever made here, and the greatest reading of another clock that was
  -- merged into it.
  last_receipt_id TEXT NOT NULL,
  merged_ms INTEGER NOT NULL DEFAULT 0,

  -- The greatest seq of a receipt, and the greatest id of an event, that were ever given.
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_event_id INTEGER NOT NULL DEFAULT 0,

  -- How many receipts are in each status, so that nobody has to count a million rows.
  accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted >= 0),
  printing INTEGER NOT NULL DEFAULT 0 CHECK (printing >= 0),
  unknown INTEGER NOT NULL DEFAULT 0 CHECK (unknown >= 0),
  refused INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0),
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),
  syncing INTEGER NOT NULL DEFAULT 0 CHECK (syncing >= 0),
  synced INTEGER NOT NULL DEFAULT 0 CHECK (synced >= 0),
  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed >= 0),

  -- How many receipts were ever delivered, those that were removed since included.
  delivered INTEGER NOT NULL,
  last_sync_at_ms INTEGER,

  -- When, why and of which receipt something was last not printed or not delivered. NULL: no receipt is left open.
  last_failure_at_ms INTEGER,
  last_failure_reason TEXT,
  last_failure_receipt_id TEXT,

  -- Everything that has come to its end since then is kept. It goes forward with the time that an adapter is at work, so
  -- that a wall clock which jumps ahead removes nothing of today's. NULL: nobody has asked for it yet.
  kept_from_ms INTEGER
) STRICT;

INSERT INTO totals (id, buffer_id, last_receipt_id, delivered) VALUES (1, lower(hex(randomblob(16))), '', 0);

-- 4. Leases, and what is known of OFDs

-- Who may drive the KKT and send for it, by KKT_ID.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  -- NULL: nobody.
  holder TEXT,
  -- Grows with every change of holder.
  epoch INTEGER NOT NULL,
  -- Grows with every renewal: a challenger watches it stand still.
  beat INTEGER NOT NULL,
  -- The newest fencing token.
  fence INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The OFDs that have answered a look-up in their own words, by scheme, host and port. A bare 404 of theirs is no answer.
CREATE TABLE ofds_with_lookup (
  origin TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
