package main

// readingConfig is how many readings are written at once, and kept.
type readingConfig struct {
	Workers      int // by the built-in engine
	ModelWorkers int // by the language model
	Cached       int // completed ones, in the process
}

// maxWorkers is more than a process has use for.
const maxWorkers = 1000

// readingSettings are the rows of the table for readings.
var readingSettings = []setting{
	{"READING_WORKERS", "2", "readings that the built-in engine writes at once, 1 to 1000; each keeps a processor busy", func(c *config, v string) error {
		return wholeNumber(&c.Readings.Workers, v, 1, maxWorkers)
	}},
	{"CACHE_READINGS", "200", "completed readings kept in the process's cache, 1 to 100000; a long one takes some 100 kB", func(c *config, v string) error {
		return wholeNumber(&c.Readings.Cached, v, 1, 100_000)
	}},
	{"MODEL_WORKERS", "8", "readings that the language model writes at once, 1 to 1000", func(c *config, v string) error {
		return wholeNumber(&c.Readings.ModelWorkers, v, 1, maxWorkers)
	}},
}
