-- A chart is its birth; everything else is computed from it. Instants are whole seconds (_s) or microseconds (_us) since 1970 in UTC.
CREATE TABLE chart (
  hash             TEXT    NOT NULL PRIMARY KEY,
  instant_s        BIGINT  NOT NULL,
  time_known       BOOLEAN NOT NULL,
  zone             TEXT    NOT NULL,
  utc_offset_s     INTEGER NOT NULL,
  latitude         REAL NOT NULL,
  longitude        REAL NOT NULL,
  place_name       TEXT    NOT NULL,
  calculated_at_us BIGINT  NOT NULL
);

-- One index for each order of the list.
CREATE INDEX chart_calculated_at ON chart (calculated_at_us, hash);
CREATE INDEX chart_instant ON chart (instant_s, hash);
