ALTER TABLE chart DROP COLUMN zone_distance_km;
ALTER TABLE chart DROP COLUMN zone_source;
ALTER TABLE chart DROP COLUMN place_id;
ALTER TABLE chart DROP COLUMN place_source;
ALTER TABLE chart DROP COLUMN calendar;
