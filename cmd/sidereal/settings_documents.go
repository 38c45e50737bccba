package main

import "errors"

// documentConfig is the settings of the documents that are executed.
type documentConfig struct {
	Automatic          bool // automatic persisted queries
	AutomaticDocuments int
	AutomaticBytes     int
	TrustedPath        string // empty for none
	TrustedOnly        bool
	Introspection      choice
	Playground         choice
	MaxBatch           int
}

// choice is on, off, or what the environment suggests: on in development and off in production.
type choice string

const auto choice = "auto"

// in resolves the choice.
func (c choice) in(production bool) bool { return c == "on" || c == auto && !production }

func readChoice(into *choice, v string) error {
	*into = choice(v)

	return oneOf(v, string(auto), "on", "off")
}

// documentSettings are their rows of the table.
var documentSettings = []setting{
	{"APQ", "on", "on or off: automatic persisted queries, by which clients send the hash of a document in its place", func(c *config, v string) error {
		c.HTTP.Documents.Automatic = v == "on"

		return oneOf(v, "on", "off")
	}},
	{"APQ_DOCUMENTS", "10000", "documents of automatic persisted queries kept in the process, 1 to 1000000; with REDIS_URL they are shared, too", func(c *config, v string) error {
		return wholeNumber(&c.HTTP.Documents.AutomaticDocuments, v, 1, 1_000_000)
	}},
	{"APQ_BYTES", "16777216", "bytes of those documents kept in the process, 1024 to 1073741824", func(c *config, v string) error {
		return wholeNumber(&c.HTTP.Documents.AutomaticBytes, v, 1<<10, 1<<30)
	}},
	{"TRUSTED_DOCUMENTS", "", "file of documents that requests may name: an object {id: document}, or Apollo's persisted query manifest; none when empty", func(c *config, v string) error {
		c.HTTP.Documents.TrustedPath = v

		return nil
	}},
	{"TRUSTED_ONLY", "false", "true or false: nothing is executed but the documents of TRUSTED_DOCUMENTS, whoever asks", func(c *config, v string) error {
		if c.HTTP.Documents.TrustedOnly = v == "true"; c.HTTP.Documents.TrustedOnly && c.HTTP.Documents.TrustedPath == "" {
			return errors.New("needs TRUSTED_DOCUMENTS")
		}

		return oneOf(v, "true", "false")
	}},
	{"INTROSPECTION", "auto", "auto, on or off: whether the schema tells of itself, and errors suggest names; auto is on in development only", func(c *config, v string) error {
		return readChoice(&c.HTTP.Documents.Introspection, v)
	}},
	{"PLAYGROUND", "auto", "auto, on or off: whether /playground is served; auto is on in development only", func(c *config, v string) error {
		return readChoice(&c.HTTP.Documents.Playground, v)
	}},
	{"MAX_BATCH", "10", "operations that one request may hold as a list, 1 to 1000; 1 takes no lists", func(c *config, v string) error {
		return wholeNumber(&c.HTTP.Documents.MaxBatch, v, 1, 1000)
	}},
}
