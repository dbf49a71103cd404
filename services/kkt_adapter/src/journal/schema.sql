-- The journal: every receipt with its idempotency key, what became of it, and what its adapter has to remember beside it.
-- Names that end in `_ms` are times in Unix milliseconds. Each step of a receipt writes every page that it touches whole, so
-- indexes are few and small. CHECKs compare one value at a time: SQLite would build a list of more than two for every row.

-- 1. Receipts

CREATE TABLE receipts (
  -- A UUIDv7 from the hybrid logical clock: sorting by it is sorting by the order of acceptance. Rows are inserted in that
  -- order too, so within one key an index without it gives that order by itself.
  receipt_id TEXT PRIMARY KEY,
  -- A blank and the receipt_id stand for a key that the journal has lost and its till has not sent again.
  idempotency_key TEXT NOT NULL UNIQUE,
  -- The SHA-256 of `content`, in hex. It tells whether a key came again with the same body.
  body_hash TEXT NOT NULL,
  pos_id TEXT NOT NULL,
  -- What was sold, as JSON.
  content TEXT NOT NULL,
  total_kopecks INTEGER NOT NULL CHECK (total_kopecks > 0),
  status TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- When the status, or what is known of the paper, last changed.
  changed_at_ms INTEGER NOT NULL,

  -- The document that the KKT made of it: the FN that holds it, its number there, and the document as JSON.
  fn_number TEXT,
  fd_number INTEGER CHECK (fd_number > 0),
  fiscal_doc TEXT,
  printed_at_ms INTEGER,
  -- 1: the document is closed in the FN and not on paper yet.
  needs_paper INTEGER NOT NULL DEFAULT 0 CHECK (needs_paper = 0 OR needs_paper = 1 AND fiscal_doc IS NOT NULL),

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
    WHEN 'accepted' THEN fiscal_doc IS NULL
    WHEN 'printing' THEN fiscal_doc IS NULL
    WHEN 'unknown' THEN fiscal_doc IS NULL
    WHEN 'refused' THEN fiscal_doc IS NULL AND last_error IS NOT NULL
    WHEN 'pending' THEN fiscal_doc IS NOT NULL
    WHEN 'syncing' THEN fiscal_doc IS NOT NULL AND maybe_at_ofd = 1
    WHEN 'synced' THEN fiscal_doc IS NOT NULL
    WHEN 'failed' THEN fiscal_doc IS NOT NULL AND last_error IS NOT NULL
    WHEN 'closed' THEN fiscal_doc IS NOT NULL AND last_error IS NOT NULL
    ELSE false
  END),
  CHECK (CASE WHEN fiscal_doc IS NULL
    THEN fn_number IS NULL AND fd_number IS NULL AND printed_at_ms IS NULL
    ELSE fn_number IS NOT NULL AND fd_number IS NOT NULL AND printed_at_ms IS NOT NULL
  END),
  CHECK (CASE status
    WHEN 'synced' THEN synced_at_ms IS NOT NULL AND ofd_id IS NOT NULL
    ELSE synced_at_ms IS NULL AND ofd_id IS NULL
  END),
  CHECK ((status = 'failed') = (dlq_reason IS NOT NULL)),
  CHECK ((status = 'closed') = (close_reason IS NOT NULL))
) STRICT;

-- A document stands for one receipt alone.
CREATE UNIQUE INDEX receipts_documents ON receipts (fn_number, fd_number) WHERE fd_number IS NOT NULL;
CREATE INDEX receipts_to_deliver ON receipts (pos_id, fd_number) WHERE status = 'pending';
CREATE INDEX receipts_by_status ON receipts (status);
CREATE INDEX receipts_by_pos ON receipts (pos_id);
CREATE INDEX receipts_without_paper ON receipts (needs_paper, receipt_id) WHERE needs_paper = 1;
-- It tells an OFD's answer that names no receipt from that for another receipt.
CREATE INDEX receipts_by_ofd_id ON receipts (ofd_id) WHERE ofd_id IS NOT NULL;
-- Receipts that have come to their end, by when they did, to find those that have been kept long enough.
CREATE INDEX receipts_ended ON receipts (changed_at_ms) WHERE status IN ('synced', 'refused', 'closed');

-- Ids of receipts that turned out to be one that the KKT had printed for a lost journal. Tills may have been told them.
CREATE TABLE receipt_aliases (
  receipt_id TEXT PRIMARY KEY,
  is_now TEXT NOT NULL REFERENCES receipts (receipt_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX receipt_aliases_of ON receipt_aliases (is_now);

-- 2. The audit log

-- Every transition of a receipt, and what the breaker, the lease and the link to Odoo did. No id is given twice, also when
-- the event that had it is gone. The code writes it, once a transaction: what is changed by hand in `receipts` is not in it.
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  receipt_id TEXT,
  -- NULL: it had no state before.
  from_state TEXT,
  to_state TEXT NOT NULL,
  detail TEXT,
  CHECK (CASE kind
    WHEN 'receipt' THEN receipt_id IS NOT NULL
    WHEN 'breaker' THEN receipt_id IS NULL
    WHEN 'lease' THEN receipt_id IS NULL
    WHEN 'odoo' THEN receipt_id IS NULL
    ELSE false
  END)
) STRICT;

CREATE INDEX events_of_receipt ON events (receipt_id) WHERE receipt_id IS NOT NULL;
-- The adapter's own events are few among those of receipts.
CREATE INDEX events_of_others ON events (kind) WHERE kind <> 'receipt';

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

-- 4. Leases, and what is known of FNs and OFDs

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

-- The FNs that this journal has met. A document after known_through_fd, and after the last one in receipts, is new to the
-- journal: at a start it tells that the journal has lost something.
CREATE TABLE fiscal_memories (
  fn_number TEXT PRIMARY KEY,
  known_through_fd INTEGER NOT NULL CHECK (known_through_fd >= 0),
  -- When the FN was found to hold documents that this journal had not recorded. NULL: never. Keys from before that time may
  -- be known to the FN only.
  strange_since_ms INTEGER
) STRICT;

-- The OFDs that have answered a look-up in their own words, by scheme, host and port. A bare 404 of theirs is no answer.
CREATE TABLE ofds_with_lookup (
  origin TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
