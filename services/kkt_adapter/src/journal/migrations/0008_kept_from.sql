-- Everything that has come to its end since then is kept. It goes forward with the time that an adapter is at work, so that a
-- wall clock which jumps ahead takes away nothing of today's. NULL before it was asked for.
ALTER TABLE totals ADD COLUMN kept_from_ms INTEGER;
