package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sidereal/fault"
)

//go:embed migrations
var migrationFiles embed.FS

// Migrator brings the schema forward and back. A migration is a pair of files NAME.up.sql and NAME.down.sql for each kind of database. Each call
// is one transaction under a lock, so processes that start at once take turns and a failed one leaves nothing behind.
type Migrator struct {
	db    *DB
	files fs.FS // of this kind of database
	now   func() time.Time
}

// MigrationState is a migration and when it was applied; zero when it is missing.
type MigrationState struct {
	Name      string
	AppliedAt time.Time
}

// NewMigrator returns a migrator of d with the migrations that the program was built with.
func NewMigrator(d *DB) *Migrator {
	kind := "sqlite"
	if d.isPostgres() {
		kind = "postgres"
	}

	files, err := fs.Sub(migrationFiles, path.Join("migrations", kind))
	if err != nil {
		panic(err) // the folder is part of the program
	}

	return &Migrator{db: d, files: files, now: time.Now}
}

// migrationRow is a row of the table schema_migration.
type migrationRow struct {
	bun.BaseModel `bun:"table:schema_migration"`

	Name          string `bun:"name,pk"`
	AppliedMicros int64  `bun:"applied_at_us"`
}

// Up applies every migration that is missing and returns their names. A database that has migrations which this program does not know is left alone,
// and the answer is a CONFLICT fault.
func (m *Migrator) Up(ctx context.Context) (applied []string, err error) {
	err = m.locked(ctx, func(ctx context.Context, tx bun.Tx, states []MigrationState) error {
		applied = nil

		for _, s := range states {
			if !s.AppliedAt.IsZero() {
				continue
			}

			if err := m.execute(ctx, tx, s.Name+".up.sql"); err != nil {
				return err
			}

			row := &migrationRow{Name: s.Name, AppliedMicros: m.now().UnixMicro()}
			if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
				return fmt.Errorf("note %s: %w", s.Name, err)
			}

			applied = append(applied, s.Name)
		}

		return nil
	})
	if err != nil {
		return nil, err
	}

	return applied, nil
}

// Down takes the newest applied migration back and returns its name; empty when there is none.
func (m *Migrator) Down(ctx context.Context) (name string, err error) {
	err = m.locked(ctx, func(ctx context.Context, tx bun.Tx, states []MigrationState) error {
		name = ""

		for _, s := range states {
			if !s.AppliedAt.IsZero() {
				name = s.Name
			}
		}

		if name == "" {
			return nil
		}

		if err := m.execute(ctx, tx, name+".down.sql"); err != nil {
			return err
		}

		_, err := tx.NewDelete().Model((*migrationRow)(nil)).Where("name = ?", name).Exec(ctx)

		return err
	})
	if err != nil {
		return "", err
	}

	return name, nil
}

// Status returns all migrations in their order.
func (m *Migrator) Status(ctx context.Context) (states []MigrationState, err error) {
	err = m.locked(ctx, func(_ context.Context, _ bun.Tx, s []MigrationState) error {
		states = s

		return nil
	})

	return states, err
}

// migrationLock is the key of the advisory lock in PostgreSQL: "sidereal" in ASCII. SQLite's immediate transactions need none.
const migrationLock = 0x7369646572656170

func (m *Migrator) locked(ctx context.Context, action func(context.Context, bun.Tx, []MigrationState) error) error {
	err := m.db.writer.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if m.db.isPostgres() {
			if _, err := tx.NewRaw("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(?)", int64(migrationLock)).Exec(ctx); err != nil {
				return fmt.Errorf("lock: %w", err)
			}
		}

		states, err := m.states(ctx, tx)
		if err != nil {
			return err
		}

		return action(ctx, tx, states)
	})

	if _, ok := fault.As(err); ok || err == nil {
		return err
	}

	return fmt.Errorf("db: migrate: %w", translate(err))
}

func (m *Migrator) states(ctx context.Context, tx bun.Tx) ([]MigrationState, error) {
	_, err := tx.NewRaw("CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY, applied_at_us BIGINT NOT NULL)").Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("table of migrations: %w", err)
	}

	var rows []migrationRow
	if err := tx.NewSelect().Model(&rows).Column("name", "applied_at_us").Scan(ctx); err != nil {
		return nil, fmt.Errorf("applied migrations: %w", err)
	}

	appliedAt := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		appliedAt[r.Name] = time.UnixMicro(r.AppliedMicros).UTC()
	}

	paths, err := fs.Glob(m.files, "*.up.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}

	slices.Sort(paths)

	states := make([]MigrationState, len(paths))
	for i, file := range paths {
		name := strings.TrimSuffix(file, ".up.sql")
		states[i] = MigrationState{Name: name, AppliedAt: appliedAt[name]}
		delete(appliedAt, name)
	}

	for name := range appliedAt {
		return nil, fault.New(fault.Conflict, "the database has the migration %s, which this program does not know: it was written by a newer one", name)
	}

	return states, nil
}

func (m *Migrator) execute(ctx context.Context, tx bun.Tx, file string) error {
	text, err := fs.ReadFile(m.files, file)
	if err != nil {
		return fmt.Errorf("read migration: %w", err)
	}

	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}

	return nil
}
