package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/urfave/cli/v3"

	"sidereal/db"
)

func (c commands) migrateCommand() *cli.Command {
	return &cli.Command{
		Name:  "migrate",
		Usage: "bring the database's schema forward or back",
		Description: "The database is that of SIDEREAL_DATABASE_URL. `serve` brings it forward by itself; this is for operators who want to do it\n" +
			"before, or go back.",
		Action: func(_ context.Context, cmd *cli.Command) error {
			return fmt.Errorf("%w: give up, down or status (not %q); see sidereal migrate --help", errUsage, cmd.Args().First())
		},
		Commands: []*cli.Command{
			{Name: "up", Usage: "apply every migration that is missing", Action: c.orUnknown(c.migrate(c.migrateUp))},
			{Name: "down", Usage: "take the newest migration back; its data are lost", Action: c.orUnknown(c.migrate(c.migrateDown))},
			{Name: "status", Usage: "list the migrations and when they were applied", Action: c.orUnknown(c.migrate(c.migrateStatus))},
		},
	}
}

// migrate runs an action with a migrator of the configured database.
func (c commands) migrate(action func(context.Context, *db.Migrator) error) cli.ActionFunc {
	return func(ctx context.Context, _ *cli.Command) error {
		return c.withDatabase(ctx, func(_ config, database *db.DB) error { return action(ctx, db.NewMigrator(database)) })
	}
}

// withDatabase runs an action with the configured database.
func (c commands) withDatabase(ctx context.Context, action func(config, *db.DB) error) (err error) {
	cfg, err := readConfig(c.environment)
	if err != nil {
		return err
	}

	if err = os.MkdirAll(cfg.DataDir, 0o750); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}

	database, err := openDatabase(ctx, cfg, c.logger(cfg))
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, database.Close()) }()

	return action(cfg, database)
}

func openDatabase(ctx context.Context, cfg config, log *slog.Logger) (*db.DB, error) {
	database, err := db.Open(ctx, db.Config{URL: cfg.DatabaseURL, SlowQuery: cfg.SlowQuery, Log: log})
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}

	return database, nil
}

func (c commands) migrateUp(ctx context.Context, m *db.Migrator) error {
	applied, err := m.Up(ctx)
	for _, name := range applied {
		_, _ = fmt.Fprintf(c.stdout, "applied %s\n", name)
	}

	if err == nil && len(applied) == 0 {
		_, _ = fmt.Fprintln(c.stdout, "nothing to apply")
	}

	return err
}

func (c commands) migrateDown(ctx context.Context, m *db.Migrator) error {
	name, err := m.Down(ctx)
	if err != nil {
		return err
	}

	if name == "" {
		_, _ = fmt.Fprintln(c.stdout, "nothing to take back")
	} else {
		_, _ = fmt.Fprintf(c.stdout, "took back %s\n", name)
	}

	return nil
}

func (c commands) migrateStatus(ctx context.Context, m *db.Migrator) error {
	states, err := m.Status(ctx)
	if err != nil {
		return err
	}

	for _, s := range states {
		when := "missing"
		if !s.AppliedAt.IsZero() {
			when = "applied " + s.AppliedAt.UTC().Format("2006-01-02 15:04:05")
		}

		_, _ = fmt.Fprintf(c.stdout, "%-40s %s\n", s.Name, when)
	}

	return nil
}
