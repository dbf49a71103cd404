-- Files of schema 100 have triggers that keep the audit log and the totals. The code does so now, and both together would
-- count everything twice. New files come here without them.

DROP TRIGGER IF EXISTS receipts_refuse_other_beginnings;
DROP TRIGGER IF EXISTS receipts_inserted;
DROP TRIGGER IF EXISTS receipts_moved;
DROP TRIGGER IF EXISTS receipts_paper_changed;
DROP TRIGGER IF EXISTS receipts_removed;
