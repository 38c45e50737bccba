package main

import (
	"fmt"
	"os"

	"sidereal/cache"
	"sidereal/graph"
	"sidereal/graph/document"
)

// openDocuments returns which documents are executed, by the configuration. It reads the list of trusted ones and opens the store of those that clients send.
func (a *app) openDocuments() (graph.DocumentConfig, error) {
	cfg := a.config.HTTP.Documents
	documents := graph.DocumentConfig{
		Library: document.Library{TrustedOnly: cfg.TrustedOnly}, Introspection: cfg.Introspection.in(a.config.Production), MaxBatch: cfg.MaxBatch,
	}

	if cfg.TrustedPath != "" {
		text, err := os.ReadFile(cfg.TrustedPath)
		if err != nil {
			return documents, fmt.Errorf("trusted documents: %w", err)
		}

		if documents.Library.Trusted, err = graph.ReadManifest(text, documents.Introspection, a.config.Limits.Operation); err != nil {
			return documents, fmt.Errorf("trusted documents: %s: %w", cfg.TrustedPath, err)
		}

		a.log.Info("trusted documents", "documents", documents.Library.Trusted.Len(), "only", cfg.TrustedOnly)
	}

	if !cfg.Automatic || cfg.TrustedOnly { // who trusts nothing else has nothing to learn
		return documents, nil
	}

	var err error

	a.documents, err = cache.NewDocuments(cache.DocumentsConfig{
		MaxDocuments: cfg.AutomaticDocuments, MaxBytes: cfg.AutomaticBytes, RedisURL: a.config.RedisURL, Log: a.log,
	})
	documents.Library.Sent = a.documents

	return documents, err
}
