DROP TABLE model_usage;
DROP TABLE reading_follower;
DROP TABLE reading_section;
DROP TABLE reading;
