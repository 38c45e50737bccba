-- What operators have ordered of circuit breakers. A breaker that has no row was never decided over.
CREATE TABLE breaker_mode (
  name          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  mode          TEXT COLLATE "C" NOT NULL, -- AUTO, FORCE_OPEN or FORCE_CLOSED
  orders        BIGINT NOT NULL, -- how many there were: a row with more is newer
  resets        BIGINT NOT NULL, -- how many of them were to start it anew
  changed_at_us BIGINT NOT NULL, -- microseconds since 1970 in UTC
  changed_by    TEXT   NOT NULL  -- the id of an account
);
