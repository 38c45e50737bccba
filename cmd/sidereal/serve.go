package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"
)

func (c commands) serveCommand() *cli.Command {
	return &cli.Command{
		Name:        "serve",
		Usage:       "answer GraphQL over HTTP (the default)",
		Description: "Endpoints: /graphql, /playground, /healthz, /readyz.\n\nSettings, from the environment:\n\n" + settingsTable(),
		Action:      c.orUnknown(c.serve),
	}
}

// settingsTable lists the settings for a terminal.
func settingsTable() string {
	var b strings.Builder

	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)

	for _, s := range settings {
		_, _ = fmt.Fprintf(w, "%s%s\t%s\t%s\n", prefix, s.name, s.fallback, s.meaning)
	}

	_ = w.Flush()

	return b.String()
}

func (c commands) serve(ctx context.Context, _ *cli.Command) (err error) {
	cfg, err := readConfig(c.environment)
	if err != nil {
		return err
	}

	log := c.logger(cfg)

	for _, name := range cfg.unknownVariables {
		log.Warn("unknown setting", "name", name)
	}

	if len(cfg.ReplicaURLs) > 0 {
		log.Warn("this version reads from the primary only", "setting", prefix+"DATABASE_REPLICA_URLS")
	}

	defer tuneHeap(cfg.Memory, c.environment)()

	a, err := newApp(ctx, cfg, log)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, a.Close()) }()

	return a.Run(ctx, func(addr net.Addr) {
		log.Info("listening", slog.String("graphql", "http://"+addr.String()+"/graphql"), slog.String("playground", "http://"+addr.String()+"/playground"))
	})
}
