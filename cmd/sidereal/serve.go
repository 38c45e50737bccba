package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"
)

func (c commands) serveCommand() *cli.Command {
	return &cli.Command{
		Name:        "serve",
		Usage:       "answer GraphQL over HTTP (the default)",
		Description: "Endpoints: /graphql, /playground, /healthz, /readyz, /.well-known/jwks.json.\n\nSettings, from the environment:\n\n" + settingsTable(),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "tls-cert", Usage: "`FILE` of the certificate, before " + prefix + "TLS_CERT", TakesFile: true},
			&cli.StringFlag{Name: "tls-key", Usage: "`FILE` of its key, before " + prefix + "TLS_KEY", TakesFile: true},
		},
		Action: c.orUnknown(c.serve),
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

func (c commands) serve(ctx context.Context, cmd *cli.Command) (err error) {
	environment := slices.Clone(c.environment)

	for flag, name := range map[string]string{"tls-cert": "TLS_CERT", "tls-key": "TLS_KEY"} {
		if cmd.IsSet(flag) {
			environment = append(environment, prefix+name+"="+cmd.String(flag)) // the last one counts
		}
	}

	cfg, err := readConfig(environment)
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

	return a.Run(ctx, func(address string) {
		at := []any{slog.String("graphql", address+"/graphql")}
		if cfg.HTTP.Documents.Playground.in(cfg.Production) {
			at = append(at, slog.String("playground", address+"/playground"))
		}

		log.Info("listening", at...)
	})
}
