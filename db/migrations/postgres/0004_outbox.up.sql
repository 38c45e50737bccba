-- Events that were committed with what they tell of, and are not in the stream yet. seq is their order; it does not come back, so a row that was
-- taken out is not taken for a later one.
CREATE TABLE outbox (
  seq            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id             TEXT   NOT NULL UNIQUE,
  type           TEXT   NOT NULL,
  subject        TEXT   NOT NULL,
  owner          TEXT   NOT NULL,
  occurred_at_us BIGINT NOT NULL,
  data           TEXT   NOT NULL
);
