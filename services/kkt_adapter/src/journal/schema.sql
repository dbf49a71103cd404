-- The journal: every receipt with its idempotency key and its state, and the adapter's other records. Names that end in
-- `_ms` are times in Unix milliseconds. Each step of a receipt writes every page that it touches whole, so changing
-- rows are small, and indexes few. CHECKs and indexes' conditions compare one value at a time: for a list of more than
-- two, SQLite would build a table at every written row.

-- 1. Receipts: the content, the document that the KKT made, and the state. `seq` numbers them in the order of
-- acceptance. Most of a receipt is written once; only the small row of its state changes.

CREATE TABLE sales (
  seq INTEGER PRIMARY KEY,
  -- A UUIDv7 from the hybrid logical clock: it sorts by the order of acceptance, except for lost receipts restored from
  -- the KKT.
  receipt_id TEXT NOT NULL UNIQUE,
  -- A space and the receipt_id replace a key that the journal has lost, until its till sends it again.
  idempotency_key TEXT NOT NULL UNIQUE,
  -- The sold items and payments, as JSON. It also tells whether a key came again with the same body.
  content TEXT NOT NULL,
  total_kopecks INTEGER NOT NULL CHECK (total_kopecks > 0),
  created_at_ms INTEGER NOT NULL
) STRICT;

-- The FNs that this journal has met, in this order: documents of an earlier FN are delivered first.
CREATE TABLE fiscal_memories (
  turn INTEGER PRIMARY KEY,
  fn_number TEXT NOT NULL UNIQUE,
  -- A document after this one, and after the last one in `documents`, is new to the journal: at a start it shows that
  -- the journal has lost receipts.
  known_through_fd INTEGER NOT NULL CHECK (known_through_fd >= 0),
  -- When the FN was found to hold documents that this journal had not recorded. NULL: never. Only the FN may know keys
  -- from before that time.
  strange_since_ms INTEGER
) STRICT;

-- The documents in the FNs.
CREATE TABLE documents (
  -- The place in the order of delivery: by the FN's turn, then by the FD.
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
  ofd_id TEXT,
  synced_at_ms INTEGER,
  dlq_reason TEXT CHECK (dlq_reason IS NULL OR dlq_reason = 'refused_by_ofd' OR dlq_reason = 'retries_exhausted'),
  last_error TEXT,
  -- The operator's reason for closing it.
  close_reason TEXT,

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
  CHECK (CASE status
    WHEN 'synced' THEN synced_at_ms IS NOT NULL AND ofd_id IS NOT NULL
    ELSE synced_at_ms IS NULL AND ofd_id IS NULL
  END),
  CHECK ((status = 'failed') = (dlq_reason IS NOT NULL)),
  CHECK ((status = 'closed') = (close_reason IS NOT NULL))
) STRICT;

-- SQLite uses it only for a query that also says `status <> 'synced'`.
CREATE INDEX states_before_the_end ON states (status) WHERE status <> 'synced';
CREATE INDEX states_to_deliver ON states (pos_id, place) WHERE status = 'pending';
CREATE INDEX states_without_paper ON states (needs_paper) WHERE needs_paper = 1;
-- Tells whether an `ofd_id` in an answer that names no receipt belongs to another receipt.
CREATE INDEX states_by_ofd_id ON states (ofd_id) WHERE ofd_id IS NOT NULL;
-- Ended receipts by the time of their end, to find the old ones.
CREATE INDEX states_ended ON states (changed_at_ms) WHERE status = 'synced' OR status = 'refused' OR status = 'closed';

-- The thousands with a till's receipts: `thousand` is seq / 1000. An index by till would be written at as many places
-- as tills sell at once.
CREATE TABLE till_thousands (
  pos_id TEXT NOT NULL,
  thousand INTEGER NOT NULL,
  PRIMARY KEY (pos_id, thousand)
) STRICT, WITHOUT ROWID;

-- Earlier ids of receipts that the KKT had printed for a lost journal. Tills may have been told them.
CREATE TABLE receipt_aliases (
  receipt_id TEXT PRIMARY KEY,
  is_now TEXT NOT NULL REFERENCES sales (receipt_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX receipt_aliases_of ON receipt_aliases (is_now);

-- A receipt as one row, for people and for queries of a whole receipt.
CREATE VIEW receipts AS
SELECT receipt_id, idempotency_key, pos_id, content, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, document AS fiscal_doc, recorded_at_ms AS printed_at_ms, needs_paper, maybe_at_ofd, retry_count,
  delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason, states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;

-- 2. The audit log

-- Every transition of a receipt, and the changes of the breaker, the lease and the link to Odoo. The code writes it,
-- once a transaction: changes by hand are missing. Receipts that made the same move in one transaction share a row,
-- which counts as an event for each.
CREATE TABLE events (
  -- The first event's number; the others have the numbers behind it. A number is never given twice, even after its
  -- event was removed.
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- NULL: a new receipt, without an earlier state.
  from_state TEXT,
  to_state TEXT NOT NULL,
  detail TEXT,
  -- The least and the greatest receipt_id; with more than one, all of them as a JSON array, in order.
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

-- The receipts of a row were minted within a second, so the rows of one receipt are found by its time.
CREATE INDEX events_of_receipts ON events (first_receipt, last_receipt) WHERE first_receipt IS NOT NULL;
-- Few events are about anything but receipts.
CREATE INDEX events_of_others ON events (kind) WHERE kind <> 'receipt';

-- The transitions of receipts, one row each.
CREATE VIEW receipt_events AS
SELECT events.id + ifnull(one.key, 0) AS id, at_ms, ifnull(one.value, first_receipt) AS receipt_id, from_state, to_state, detail
FROM events LEFT JOIN json_each(events.receipts) AS one
WHERE kind = 'receipt';

-- 3. Totals

-- One row, which outlives the receipts that it counts. The code updates it once a transaction, as it does the audit
-- log.
CREATE TABLE totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Tells this buffer from that of another host with the same KKT.
  buffer_id TEXT NOT NULL DEFAULT '',

  -- The hybrid logical clock: the greatest receipt_id ever minted here, and the greatest reading of another clock
  -- merged into it.
  last_receipt_id TEXT NOT NULL,
  merged_ms INTEGER NOT NULL DEFAULT 0,

  -- The greatest seq of a receipt and the greatest id of an event ever given.
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_event_id INTEGER NOT NULL DEFAULT 0,

  -- The number of receipts in each status, so that no query counts a million rows.
  accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted >= 0),
  printing INTEGER NOT NULL DEFAULT 0 CHECK (printing >= 0),
  unknown INTEGER NOT NULL DEFAULT 0 CHECK (unknown >= 0),
  refused INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0),
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),
  syncing INTEGER NOT NULL DEFAULT 0 CHECK (syncing >= 0),
  synced INTEGER NOT NULL DEFAULT 0 CHECK (synced >= 0),
  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed >= 0),

  -- The number of receipts ever delivered, including removed ones.
  delivered INTEGER NOT NULL,
  last_sync_at_ms INTEGER,

  -- The time, reason and receipt of the last failure to print or to deliver. NULL: no receipt is open.
  last_failure_at_ms INTEGER,
  last_failure_reason TEXT,
  last_failure_receipt_id TEXT,

  -- Everything that ended since then is kept. It advances with the time that an adapter is at work, so that a wall
  -- clock that jumps ahead removes nothing of today. NULL: not set yet.
  kept_from_ms INTEGER
) STRICT;

INSERT INTO totals (id, buffer_id, last_receipt_id, delivered) VALUES (1, lower(hex(randomblob(16))), '', 0);

-- 4. Leases, and knowledge about OFDs

-- The right to drive the KKT and to send for it, by KKT_ID.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  -- NULL: nobody.
  holder TEXT,
  -- Grows with every change of holder.
  epoch INTEGER NOT NULL,
  -- Grows with every renewal: a challenger waits until it stands still.
  beat INTEGER NOT NULL,
  -- The newest fencing token.
  fence INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The OFDs that have answered a look-up themselves, by scheme, host and port. From them a bare 404 is no answer.
CREATE TABLE ofds_with_lookup (
  origin TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
