DROP TABLE breaker_mode;
