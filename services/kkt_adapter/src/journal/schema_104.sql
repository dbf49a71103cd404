-- Schema 104: wrong receipts that were put right.

-- A correction is one or two ordinary receipts: the reversal of the wrong one, and the right one. They have their states,
-- documents and keys as all receipts have. This table says that they belong together.
CREATE TABLE corrections (
  -- The receipt_id that its first receipt was given. After a loss of the journal that receipt may have another one, and
  -- this is its alias.
  correction_id TEXT PRIMARY KEY,
  -- A hash of what was asked for: it tells whether a key came again with the same body.
  digest TEXT NOT NULL,
  -- NULL: nothing was fiscalised, so there is nothing to take back.
  reversal TEXT,
  -- NULL: the wrong receipt is only taken back.
  right_receipt TEXT,
  -- The wrong document. NULL: nothing was fiscalised.
  wrong_fn TEXT,
  wrong_fd INTEGER,
  created_at_ms INTEGER NOT NULL,
  -- 1: the KKT has refused this receipt of it.
  reversal_refused INTEGER NOT NULL DEFAULT 0 CHECK (reversal_refused BETWEEN 0 AND 1),
  right_refused INTEGER NOT NULL DEFAULT 0 CHECK (right_refused BETWEEN 0 AND 1),
  -- How an operator settled a correction of which the KKT has refused one receipt.
  close_reason TEXT,
  CHECK (correction_id IS coalesce(reversal, right_receipt)),
  CHECK ((reversal IS NULL) = (wrong_fd IS NULL) AND (wrong_fn IS NULL) = (wrong_fd IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX corrections_of_documents ON corrections (wrong_fd, wrong_fn) WHERE wrong_fd IS NOT NULL;
CREATE INDEX corrections_by_right_receipt ON corrections (right_receipt);
-- The pruner takes them in this order.
CREATE INDEX corrections_by_age ON corrections (created_at_ms);
-- Those that an operator has to settle.
CREATE INDEX corrections_half_done ON corrections (correction_id)
  WHERE reversal_refused <> right_refused AND reversal IS NOT NULL AND right_receipt IS NOT NULL AND close_reason IS NULL;

-- Refunds that name their original, so that no more comes back than was sold. They are kept beyond their receipts.
CREATE TABLE refunds (
  -- The refund.
  receipt_id TEXT PRIMARY KEY,
  -- The receipt_id of what comes back. NULL: it is not known here.
  original TEXT,
  total_kopecks INTEGER NOT NULL,
  -- The findings that its till was warned of, as JSON.
  findings TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX refunds_of_originals ON refunds (original) WHERE original IS NOT NULL;
CREATE INDEX refunds_by_age ON refunds (created_at_ms);

-- The part of pruned receipts that a refund needs.
CREATE TABLE originals (
  receipt_id TEXT PRIMARY KEY,
  operation TEXT NOT NULL,
  fn_number TEXT NOT NULL,
  fd_number INTEGER NOT NULL,
  fiscal_sign TEXT NOT NULL,
  total_kopecks INTEGER NOT NULL,
  -- As JSON: name, price in kopecks and VAT rate of each.
  items TEXT NOT NULL,
  ended_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX originals_of_documents ON originals (fd_number, fn_number);
CREATE INDEX originals_by_age ON originals (ended_at_ms);

-- Receipts with the content of one that the same till sold a moment before. They are removed with their receipts.
CREATE TABLE twins (
  receipt_id TEXT PRIMARY KEY,
  twin_of TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX twins_by_age ON twins (created_at_ms);
