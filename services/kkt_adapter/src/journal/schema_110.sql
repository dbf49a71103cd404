-- Schema 110: the askings of a register that keeps no receipts' ids.

-- Each asking of the KKT for a receipt or a task, on the disk before the KKT is asked. The request's id at the KKT is made of the
-- two columns of the key. Only a driver whose KKT knows no ids of ours writes it. A row is removed with its receipt or task.
CREATE TABLE attempts (
  -- A receipt_id or a task_id.
  subject_id TEXT NOT NULL,
  -- From 1, without gaps.
  number INTEGER NOT NULL CHECK (number >= 1),
  -- The FN in the KKT then, and its last document: one that this attempt made has a higher number. 0: it had none.
  fn_number TEXT NOT NULL CHECK (fn_number <> ''),
  last_fd INTEGER NOT NULL CHECK (last_fd BETWEEN 0 AND 4294967295),
  begun_at_ms INTEGER NOT NULL,
  PRIMARY KEY (subject_id, number)
) STRICT, WITHOUT ROWID;
