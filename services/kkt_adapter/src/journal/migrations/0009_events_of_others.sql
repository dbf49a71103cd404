-- What the adapter says of itself is little among what its receipts say, and is found without reading all of that.
CREATE INDEX events_of_others ON events (kind) WHERE kind <> 'receipt';
