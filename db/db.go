// Package db keeps what the domain rooms want kept, in SQLite or PostgreSQL, through bun.
//
// Every statement belongs to a named query and runs through read, write or inTx, the one place that knows the name, chooses the target, sets a deadline,
// retries what a lost connection broke, reports to the hook and turns the driver's errors into faults.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"github.com/uptrace/bun/driver/sqliteshim"
)

const (
	// queryTimeout bounds a query whose caller set no earlier deadline. pgdriver does not notice a cancelled context, only a deadline.
	queryTimeout = 10 * time.Second
	// statementTimeout, in milliseconds, is PostgreSQL's own bound: it also stops what nobody waits for any more.
	statementTimeout = "11000"
	pgOpen           = 20
	pgIdle           = 10
	sqliteReaders    = 4
)

// Config says where the database is and who watches it.
type Config struct {
	URL       string        // sqlite:PATH, postgres://… or postgresql://…
	SlowQuery time.Duration // statements that take at least this long are logged; 0 logs every one
	Log       *slog.Logger
	Observe   func(context.Context, Statement) // sees every statement; nil for nobody
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	writer, reader *bun.DB       // one and the same but for SQLite, where one connection writes
	appended       chan struct{} // events were committed to the outbox
	queued         chan struct{} // a job was committed that can be claimed
}

var errScheme = errors.New("db: the URL must have the scheme sqlite, postgres or postgresql")

// Open opens the database; it does not migrate. A PostgreSQL server that is down is an UPSTREAM_UNAVAILABLE fault.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	var d *DB

	switch scheme, path, _ := strings.Cut(cfg.URL, ":"); scheme {
	case "sqlite":
		writer, reader, err := openSQLite(strings.TrimPrefix(path, "//"))
		if err != nil {
			return nil, err
		}

		d = &DB{
			writer: bun.NewDB(writer, sqlitedialect.New()).WithQueryHook(&hook{cfg, "writer"}),
			reader: bun.NewDB(reader, sqlitedialect.New()).WithQueryHook(&hook{cfg, "reader"}),
		}
	case "postgres", "postgresql":
		primary := bun.NewDB(openPostgres(cfg.URL), pgdialect.New()).WithQueryHook(&hook{cfg, "primary"})
		d = &DB{writer: primary, reader: primary}
	default:
		return nil, errScheme
	}

	d.appended = make(chan struct{}, 1)
	d.queued = make(chan struct{}, 1)

	if err := d.Ping(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}

	return d, nil
}

func openSQLite(path string) (writer, reader *sql.DB, err error) {
	pragmas := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		// Without it a transaction that reads before it writes fails with SQLITE_BUSY as soon as another one writes.
		"_txlock": {"immediate"},
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()

	if writer, err = sql.Open(sqliteshim.ShimName, dsn); err != nil {
		return nil, nil, fmt.Errorf("db: open SQLite: %w", err)
	}

	writer.SetMaxOpenConns(1)

	if reader, err = sql.Open(sqliteshim.ShimName, dsn); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("db: open SQLite: %w", err), writer.Close())
	}

	readers := max(sqliteReaders, runtime.NumCPU())
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)

	return writer, reader, nil
}

func openPostgres(dsn string) *sql.DB {
	pool := sql.OpenDB(pgdriver.NewConnector(
		pgdriver.WithDSN(dsn),
		pgdriver.WithApplicationName("sidereal"),
		pgdriver.WithDialTimeout(5*time.Second),
		pgdriver.WithReadTimeout(queryTimeout+2*time.Second),
		pgdriver.WithWriteTimeout(queryTimeout),
		pgdriver.WithConnParams(map[string]any{"statement_timeout": statementTimeout}),
	))
	pool.SetMaxOpenConns(pgOpen)
	pool.SetMaxIdleConns(pgIdle)
	pool.SetConnMaxIdleTime(5 * time.Minute)

	return pool
}

// Ping returns a fault unless the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.read(ctx, "db.ping", func(ctx context.Context, q bun.IDB) (int, error) {
		var one int

		return 1, q.NewSelect().ColumnExpr("1").Scan(ctx, &one)
	})
}

// Close closes the connections.
func (d *DB) Close() error {
	err := d.writer.Close()
	if d.reader != d.writer {
		err = errors.Join(err, d.reader.Close())
	}

	return translate(err)
}

func (d *DB) isPostgres() bool { return d.writer.Dialect().Name() == dialect.PG }

// staleAttempts is how often a query is tried when the connection that it was given turns out to be dead: after a restart of the server every idle
// connection of the pool is.
const staleAttempts = pgIdle + 1

// read runs a named query that only reads. Query returns how many rows it got.
func (d *DB) read(ctx context.Context, name string, query func(context.Context, bun.IDB) (int, error)) error {
	return d.run(ctx, name, d.reader, query)
}

// write runs a named query that writes and may be repeated: the second time it must change nothing.
func (d *DB) write(ctx context.Context, name string, query func(context.Context, bun.IDB) (int, error)) error {
	return d.run(ctx, name, d.writer, query)
}

func (d *DB) run(ctx context.Context, name string, target *bun.DB, query func(context.Context, bun.IDB) (int, error)) error {
	if err := ctx.Err(); err != nil {
		return translate(err)
	}

	bounded, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()

	var err error

	for range staleAttempts {
		recorder := &recorder{name: name}

		var rows int

		rows, err = query(context.WithValue(bounded, recorderKey{}, recorder), target)
		recorder.report(ctx, rows)

		if !stale(err) {
			break
		}
	}

	if err != nil {
		return fmt.Errorf("db: %s: %w", name, translate(err))
	}

	return nil
}
