-- The charts that viewers keep. The owner is the subject of a viewer, who may be one of the command line that has no account. Times are microseconds (_us)
-- since 1970 in UTC.
CREATE TABLE saved_chart (
  id          TEXT   NOT NULL PRIMARY KEY,
  owner       TEXT   NOT NULL,
  chart_hash  TEXT   NOT NULL REFERENCES chart (hash),
  label       TEXT   NOT NULL,
  note        TEXT   NOT NULL,
  saved_at_us BIGINT NOT NULL,
  UNIQUE (owner, chart_hash)
);

-- The order of a collection.
CREATE INDEX saved_chart_order ON saved_chart (owner, saved_at_us, id);
