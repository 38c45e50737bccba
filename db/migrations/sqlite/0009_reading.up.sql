-- What charts say. Where a reading stands (its status, its checkpoint, its end) is in the row of the job that has its id; this one never changes. Times are
-- microseconds (_us) and seconds (_s) since 1970 in UTC.
CREATE TABLE reading (
  id            TEXT NOT NULL PRIMARY KEY REFERENCES job (id),
  key           TEXT NOT NULL, -- equal keys are equal readings
  chart_hash    TEXT   NOT NULL REFERENCES chart (hash),
  request       TEXT   NOT NULL, -- JSON as text
  transits_on_s BIGINT, -- NULL where there is no such section
  created_at_us BIGINT NOT NULL
);

-- The readings of a key.
CREATE INDEX reading_key ON reading (key);

-- The order of lists: of a chart, and of all.
CREATE INDEX reading_of_chart ON reading (chart_hash, created_at_us, id);
CREATE INDEX reading_order ON reading (created_at_us, id);

-- The sections that are written, each once.
CREATE TABLE reading_section (
  reading_id TEXT NOT NULL REFERENCES reading (id),
  number     INTEGER NOT NULL, -- from 0 on
  section    TEXT    NOT NULL, -- JSON as text
  PRIMARY KEY (reading_id, number)
);

-- Who asked for a reading. Account is empty for all who were not signed in.
CREATE TABLE reading_follower (
  account       TEXT NOT NULL,
  reading_id    TEXT NOT NULL REFERENCES reading (id),
  created_at_us BIGINT NOT NULL, -- the reading's, for the order of lists
  asked_at_us   BIGINT NOT NULL, -- for the first time
  PRIMARY KEY (account, reading_id)
);

-- The order of the list of an account.
CREATE INDEX reading_of_follower ON reading_follower (account, created_at_us, reading_id);

-- Who is left to follow a reading.
CREATE INDEX reading_follower_reading ON reading_follower (reading_id);

-- What accounts have used of a language model on a day of UTC. Account is empty for all who were not signed in.
CREATE TABLE model_usage (
  account           TEXT NOT NULL,
  day               TEXT NOT NULL, -- 2006-01-02
  prompt_tokens     BIGINT NOT NULL,
  completion_tokens BIGINT NOT NULL,
  cost_micros       BIGINT NOT NULL, -- millionths of a US dollar
  calls             BIGINT NOT NULL,
  PRIMARY KEY (account, day)
);
