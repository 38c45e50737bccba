DROP INDEX outbox_published;
DROP INDEX outbox_pending;
-- What was published would be pending again.
DELETE FROM outbox WHERE published_at_us IS NOT NULL;
ALTER TABLE outbox DROP COLUMN published_at_us;
