-- Receipts are marked as handed to the KKT several at once; those that it was not asked for after all go back.
DROP TRIGGER receipts_refuse_illegal_transition;

CREATE TRIGGER receipts_refuse_illegal_transition BEFORE UPDATE OF status ON receipts
WHEN NOT CASE OLD.status
  WHEN 'accepted' THEN NEW.status = 'printing'
  WHEN 'printing' THEN
    NEW.status = 'pending' OR NEW.status = 'refused' OR NEW.status = 'unknown' OR NEW.status = 'accepted'
  WHEN 'unknown' THEN NEW.status = 'pending' OR NEW.status = 'accepted'
  WHEN 'pending' THEN NEW.status = 'syncing'
  WHEN 'syncing' THEN NEW.status = 'synced' OR NEW.status = 'pending' OR NEW.status = 'failed'
  WHEN 'failed' THEN NEW.status = 'pending'
  ELSE false
END
BEGIN
  SELECT RAISE(ABORT, 'illegal transition of a receipt');
END;
