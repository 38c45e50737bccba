-- An event stays for a while after it was published, because the stream acknowledges it before it is on a disk: microseconds since 1970 in UTC at which it was
-- noted that the stream has it, NULL before that.
ALTER TABLE outbox ADD COLUMN published_at_us BIGINT;

-- The pending ones, in their order.
CREATE INDEX outbox_pending ON outbox (seq) WHERE published_at_us IS NULL;

-- Those that may go.
CREATE INDEX outbox_published ON outbox (published_at_us) WHERE published_at_us IS NOT NULL;
