-- Schema 106: what refunds took back by the piece, and what they take from their originals.

-- As JSON, an array an item: its place among the items of the original or null, its quantity in millionths, and with a
-- marking code the beginning of that code's hash. Refunds of earlier versions, and those of unknown originals, have none.
ALTER TABLE refunds ADD COLUMN came_back TEXT NOT NULL DEFAULT '[]';

-- As the document has it. NULL: not known. Earlier versions kept `items` without quantity, subject and measure.
ALTER TABLE originals ADD COLUMN taxation_system TEXT;
