-- People who sign in. Ids are ordered by time of creation.
CREATE TABLE account (
  id            TEXT NOT NULL PRIMARY KEY,
  email         TEXT NOT NULL UNIQUE,
  name          TEXT   NOT NULL,
  role          TEXT   NOT NULL,
  password_hash TEXT   NOT NULL,
  created_at_us BIGINT NOT NULL
);

-- The few that the rule about the last administrator looks at.
CREATE INDEX account_admin ON account (id) WHERE role = 'ADMIN';

-- Sessions that have not ended: ending one removes its row.
CREATE TABLE account_session (
  id            TEXT NOT NULL PRIMARY KEY,
  account_id    TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at_us BIGINT NOT NULL,
  used_at_us    BIGINT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  ends_at_us    BIGINT NOT NULL,
  address       TEXT   NOT NULL
);

CREATE INDEX account_session_account ON account_session (account_id);
CREATE INDEX account_session_expiry ON account_session (expires_at_us);

-- Refresh tokens by the SHA-256 of their secret. A spent one names its successor, and holds it sealed for whoever has the spent one's secret.
CREATE TABLE account_refresh (
  hash       TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES account_session (id) ON DELETE CASCADE,
  used_at_us BIGINT,
  successor  TEXT   NOT NULL,
  sealed     TEXT   NOT NULL
);

CREATE INDEX account_refresh_session ON account_refresh (session_id);
CREATE INDEX account_refresh_used ON account_refresh (used_at_us);

-- API keys by the SHA-256 of their secret. Revoking one removes its row.
CREATE TABLE account_key (
  id            TEXT  NOT NULL PRIMARY KEY,
  account_id    TEXT  NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  hash          TEXT  NOT NULL UNIQUE,
  prefix        TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  scopes        INTEGER NOT NULL,
  created_at_us BIGINT  NOT NULL,
  expires_at_us BIGINT,
  used_at_us    BIGINT
);

CREATE INDEX account_key_account ON account_key (account_id);

-- How often something was attempted; the key is the SHA-256 of what.
CREATE TABLE account_attempt (
  key              TEXT  NOT NULL PRIMARY KEY,
  count            INTEGER NOT NULL,
  last_at_us       BIGINT  NOT NULL,
  blocked_until_us BIGINT  NOT NULL
);

CREATE INDEX account_attempt_last ON account_attempt (last_at_us);
