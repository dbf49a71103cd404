-- An answer that names no receipt is told from another receipt's by its ofd_id. Only delivered receipts have one.
CREATE INDEX receipts_by_ofd_id ON receipts (ofd_id) WHERE ofd_id IS NOT NULL;

-- The OFDs that have answered a look-up in their own words, by scheme, host and port. From such an OFD a bare 404 is no answer.
CREATE TABLE ofds_with_lookup (
  origin TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
