-- Where birth data come from, as far as it does not follow from the birth. The defaults are what charts had before there was anything else.
ALTER TABLE chart ADD COLUMN calendar TEXT NOT NULL DEFAULT 'GREGORIAN';
ALTER TABLE chart ADD COLUMN place_source TEXT NOT NULL DEFAULT 'COORDINATES';
ALTER TABLE chart ADD COLUMN place_id TEXT NOT NULL DEFAULT '';
ALTER TABLE chart ADD COLUMN zone_source TEXT NOT NULL DEFAULT 'GIVEN';
ALTER TABLE chart ADD COLUMN zone_distance_km REAL NOT NULL DEFAULT 0;
