CREATE TABLE outbox (
  id             TEXT NOT NULL PRIMARY KEY,
  type           TEXT NOT NULL,
  subject        TEXT NOT NULL,
  owner          TEXT NOT NULL,
  occurred_at_us BIGINT NOT NULL,
  data           TEXT NOT NULL
);
