-- What a real FN's document tells of the sale, and what finds it by its idempotency key. NULL in documents from before.
ALTER TABLE documents ADD COLUMN content TEXT;
ALTER TABLE documents ADD COLUMN key_hash TEXT;
CREATE INDEX documents_by_key ON documents (key_hash) WHERE key_hash IS NOT NULL;
-- Whose device this is. NULL until a KKT_ID claims it.
ALTER TABLE device ADD COLUMN kkt_number TEXT;
UPDATE device SET kkt_number = (SELECT json_extract(doc, '$.kktNumber') FROM documents ORDER BY fd_number DESC LIMIT 1);
