-- How many receipts are in each status, in the row of the other totals: a step of a receipt changes one row, not three.
ALTER TABLE totals ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted >= 0);
ALTER TABLE totals ADD COLUMN printing INTEGER NOT NULL DEFAULT 0 CHECK (printing >= 0);
ALTER TABLE totals ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0 CHECK (unknown >= 0);
ALTER TABLE totals ADD COLUMN refused INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0);
ALTER TABLE totals ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0);
ALTER TABLE totals ADD COLUMN syncing INTEGER NOT NULL DEFAULT 0 CHECK (syncing >= 0);
ALTER TABLE totals ADD COLUMN synced INTEGER NOT NULL DEFAULT 0 CHECK (synced >= 0);
ALTER TABLE totals ADD COLUMN failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0);
UPDATE totals SET
  accepted = (SELECT n FROM counters WHERE status = 'accepted'),
  printing = (SELECT n FROM counters WHERE status = 'printing'),
  unknown = (SELECT n FROM counters WHERE status = 'unknown'),
  refused = (SELECT n FROM counters WHERE status = 'refused'),
  pending = (SELECT n FROM counters WHERE status = 'pending'),
  syncing = (SELECT n FROM counters WHERE status = 'syncing'),
  synced = (SELECT n FROM counters WHERE status = 'synced'),
  failed = (SELECT n FROM counters WHERE status = 'failed');

DROP TRIGGER receipts_inserted;
DROP TRIGGER receipts_moved;
DROP TRIGGER receipts_delivered_one;
DROP TRIGGER receipts_removed;
DROP TABLE counters;

-- For an adapter of an older version that is still at work on this buffer, until it is stopped.
CREATE VIEW counters (status, n) AS
SELECT 'accepted', accepted FROM totals UNION ALL
SELECT 'printing', printing FROM totals UNION ALL
SELECT 'unknown', unknown FROM totals UNION ALL
SELECT 'refused', refused FROM totals UNION ALL
SELECT 'pending', pending FROM totals UNION ALL
SELECT 'syncing', syncing FROM totals UNION ALL
SELECT 'synced', synced FROM totals UNION ALL
SELECT 'failed', failed FROM totals;

-- A receipt begins as accepted: another trigger sees to it.
CREATE TRIGGER receipts_inserted AFTER INSERT ON receipts
BEGIN
  UPDATE totals SET accepted = accepted + 1, last_receipt_id = max(last_receipt_id, NEW.receipt_id) WHERE id = 1;
  INSERT INTO events (at_ms, kind, receipt_id, to_state)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, NEW.status);
END;

CREATE TRIGGER receipts_moved AFTER UPDATE OF status ON receipts
BEGIN
  SELECT RAISE(ABORT, 'illegal transition of a receipt')
  WHERE NOT CASE OLD.status
    WHEN 'accepted' THEN NEW.status = 'printing'
    WHEN 'printing' THEN
      NEW.status = 'pending' OR NEW.status = 'refused' OR NEW.status = 'unknown' OR NEW.status = 'accepted'
    WHEN 'unknown' THEN NEW.status = 'pending' OR NEW.status = 'accepted'
    WHEN 'pending' THEN NEW.status = 'syncing'
    WHEN 'syncing' THEN NEW.status = 'synced' OR NEW.status = 'pending' OR NEW.status = 'failed'
    WHEN 'failed' THEN NEW.status = 'pending'
    ELSE false
  END;
  UPDATE totals SET
    accepted = accepted + (NEW.status = 'accepted') - (OLD.status = 'accepted'),
    printing = printing + (NEW.status = 'printing') - (OLD.status = 'printing'),
    unknown = unknown + (NEW.status = 'unknown') - (OLD.status = 'unknown'),
    refused = refused + (NEW.status = 'refused') - (OLD.status = 'refused'),
    pending = pending + (NEW.status = 'pending') - (OLD.status = 'pending'),
    syncing = syncing + (NEW.status = 'syncing') - (OLD.status = 'syncing'),
    synced = synced + (NEW.status = 'synced') - (OLD.status = 'synced'),
    failed = failed + (NEW.status = 'failed') - (OLD.status = 'failed'),
    delivered = delivered + (NEW.status = 'synced'),
    last_sync_at_ms = iif(NEW.status = 'synced', NEW.synced_at_ms, last_sync_at_ms)
  WHERE id = 1;
  INSERT INTO events (at_ms, kind, receipt_id, from_state, to_state, detail)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, OLD.status, NEW.status, NEW.last_error);
END;

CREATE TRIGGER receipts_removed AFTER DELETE ON receipts
BEGIN
  UPDATE totals SET
    accepted = accepted - (OLD.status = 'accepted'),
    printing = printing - (OLD.status = 'printing'),
    unknown = unknown - (OLD.status = 'unknown'),
    refused = refused - (OLD.status = 'refused'),
    pending = pending - (OLD.status = 'pending'),
    syncing = syncing - (OLD.status = 'syncing'),
    synced = synced - (OLD.status = 'synced'),
    failed = failed - (OLD.status = 'failed')
  WHERE id = 1;
END;
