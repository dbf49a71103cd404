-- The last document tells the last number of its shift.
DROP INDEX documents_by_shift;
