-- Schema 7: the FN's life, the drawer, the tasks that are no receipts, and the documents of FNs that were replaced.

-- The last day on which the FN signs, `yyyy-mm-dd`. NULL: it is not registered yet.
ALTER TABLE fn ADD COLUMN valid_until TEXT;
-- The OFD has all documents up to this one. Earlier versions were told of no confirmation, so all of theirs count as
-- confirmed.
ALTER TABLE fn ADD COLUMN confirmed_through_fd INTEGER NOT NULL DEFAULT 0;
UPDATE fn SET
  valid_until = (SELECT date(at_ms / 1000, 'unixepoch', '+36 months') FROM documents ORDER BY fd_number LIMIT 1),
  confirmed_through_fd = ifnull((SELECT max(fd_number) FROM documents), 0);

-- The cash in the drawer without that of the open shift's receipts, which their documents tell.
ALTER TABLE device ADD COLUMN drawer_kopecks INTEGER NOT NULL DEFAULT 0;

-- A task that was done twice has two rows, so that nobody can overlook it.
CREATE TABLE tasks (
  number INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  fn_number TEXT NOT NULL,
  -- The shift in which it counts. Cash that is moved while none is open counts in the next one.
  shift_number INTEGER NOT NULL,
  amount_kopecks INTEGER NOT NULL DEFAULT 0,
  -- The result as JSON.
  result TEXT NOT NULL,
  -- Of its document. NULL: it has none.
  fd_number INTEGER
) STRICT;

CREATE INDEX tasks_by_id ON tasks (task_id);
CREATE INDEX movements_by_shift ON tasks (fn_number, shift_number) WHERE kind IN ('cash_in', 'cash_out');

-- No look-up finds these: the FN that holds them is no longer in the KKT.
CREATE TABLE replaced_documents (
  fn_number TEXT NOT NULL,
  fd_number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  receipt_id TEXT,
  shift_number INTEGER NOT NULL,
  receipt_number INTEGER,
  doc TEXT NOT NULL,
  printed INTEGER NOT NULL CHECK (printed IN (0, 1)),
  PRIMARY KEY (fn_number, fd_number)
) STRICT;
