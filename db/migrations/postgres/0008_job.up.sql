-- Work to be done, under way, or done. Times are microseconds since 1970 in UTC, of the database's clock.
CREATE TABLE job (
  id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind           TEXT COLLATE "C" NOT NULL,
  key            TEXT COLLATE "C" NOT NULL, -- empty where the job is like no other
  owner          TEXT COLLATE "C" NOT NULL,
  payload        TEXT    NOT NULL, -- JSON as text, as progress and result are
  status         TEXT COLLATE "C" NOT NULL,
  turn           BIGINT  NOT NULL, -- the order in which jobs of a kind leave the queue
  attempt        INTEGER NOT NULL,
  max_attempts   INTEGER NOT NULL,
  claim          BIGINT  NOT NULL, -- how often a worker has taken it
  worker         TEXT    NOT NULL,
  run_after_us   BIGINT  NOT NULL,
  lease_until_us BIGINT, -- NULL unless it is RUNNING
  progress       TEXT,
  result         TEXT,
  reason         TEXT    NOT NULL,
  created_at_us  BIGINT  NOT NULL,
  started_at_us  BIGINT,
  ended_at_us    BIGINT
);

-- Of one kind and key, at most one job is under way.
CREATE UNIQUE INDEX job_key ON job (kind, key) WHERE key <> '' AND status IN ('QUEUED', 'RUNNING');

-- The queue, in its order.
CREATE INDEX job_queue ON job (kind, turn, id, run_after_us) WHERE status = 'QUEUED';

-- Leases, by when they lapse.
CREATE INDEX job_lease ON job (kind, lease_until_us) WHERE status = 'RUNNING';

-- What an owner has under way, for the turn of his next one.
CREATE INDEX job_owner ON job (kind, owner, turn) WHERE status IN ('QUEUED', 'RUNNING');
