-- Schema 6: from here on a document leaves out what the registration in `fn` says in the same words. Documents of earlier
-- versions say it themselves, so no row changes. The number keeps earlier versions, which would miss it, from this file.
PRAGMA user_version = 6;
