-- People with public births. Names are ordered by their folded form, byte by byte, so that both kinds of database agree.
CREATE TABLE person (
  key           TEXT NOT NULL PRIMARY KEY,
  folded        TEXT NOT NULL,
  name          TEXT    NOT NULL,
  born          TEXT    NOT NULL,
  year_only     BOOLEAN NOT NULL,
  clock_s       INTEGER,
  rating        TEXT    NOT NULL,
  place         TEXT    NOT NULL,
  country       TEXT    NOT NULL,
  latitude      REAL,
  longitude     REAL,
  zone          TEXT,
  occupation    TEXT    NOT NULL,
  link          TEXT    NOT NULL,
  date_source   TEXT    NOT NULL,
  time_source   TEXT    NOT NULL,
  calendar_note TEXT    NOT NULL
);

CREATE INDEX person_folded ON person (folded, key);

-- One row: what the table above holds. Writers lock it, so that batches take turns.
CREATE TABLE person_state (
  id       INTEGER NOT NULL PRIMARY KEY,
  revision BIGINT  NOT NULL,
  list     TEXT    NOT NULL
);

INSERT INTO person_state (id, revision, list) VALUES (1, 0, '');
