-- The newest fencing token: greater with every change of holder.
ALTER TABLE leases ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;

-- Closed in the FN, and not on paper yet.
ALTER TABLE receipts ADD COLUMN needs_paper INTEGER NOT NULL DEFAULT 0
  CHECK (needs_paper IN (0, 1) AND (needs_paper = 0 OR fiscal_doc IS NOT NULL));
CREATE INDEX receipts_without_paper ON receipts (needs_paper, receipt_id) WHERE needs_paper = 1;

-- What tells this buffer from that of another host with the same KKT.
ALTER TABLE totals ADD COLUMN buffer_id TEXT NOT NULL DEFAULT '';
UPDATE totals SET buffer_id = lower(hex(randomblob(16)));

-- The greatest reading of another clock that was merged into the hybrid logical clock, in Unix milliseconds.
ALTER TABLE totals ADD COLUMN merged_ms INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER receipts_paper_changed AFTER UPDATE OF needs_paper ON receipts WHEN OLD.needs_paper <> NEW.needs_paper
BEGIN
  INSERT INTO events (at_ms, kind, receipt_id, from_state, to_state, detail)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, NEW.status, NEW.status,
    iif(NEW.needs_paper = 1, 'fiscalised, and not on paper', 'on paper now'));
END;
