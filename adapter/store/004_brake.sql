-- Until when a ticket that was in order stays so by itself, and when the adapter last changed one although nobody had
-- and nothing was due: only that can come of an edited mapping, which the brake is there for.
ALTER TABLE dubu.seen ADD COLUMN until timestamptz;
ALTER TABLE dubu.written ADD COLUMN unasked_at timestamptz;
DROP INDEX dubu.written_at;
CREATE INDEX written_unasked ON dubu.written (site, unasked_at);
