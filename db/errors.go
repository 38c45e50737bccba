package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/uptrace/bun/driver/pgdriver"

	"sidereal/fault"
)

// stale says whether err means that the connection was dead before the query, or died under it.
func stale(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || pgClass(err) == "57P"
}

// pgClass returns what kind of error PostgreSQL sent: the first three characters of its SQLSTATE, empty when it sent none. 57P is a server that is
// being stopped or started, 08 a connection failure.
func pgClass(err error) string {
	e, ok := errors.AsType[pgdriver.Error](err)
	if !ok {
		return ""
	}

	state := e.Field('C')

	return state[:min(3, len(state))]
}

// queryCanceled is the SQLSTATE of a statement that took longer than statement_timeout.
const queryCanceled = "57014"

// translate turns a driver's error into a fault. The end of the caller's own context passes through.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return err
	case timedOut(err):
		return fault.Wrap(err, fault.Timeout, "the database did not answer in time")
	case lost(err):
		return fault.Wrap(err, fault.UpstreamUnavailable, "the database cannot be reached")
	default:
		return fault.Wrap(err, fault.Internal, "the database failed")
	}
}

func timedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return true
	}

	if e, ok := errors.AsType[pgdriver.Error](err); ok {
		return e.Field('C') == queryCanceled
	}

	return strings.Contains(err.Error(), "SQLITE_BUSY")
}

func lost(err error) bool {
	_, isNet := errors.AsType[*net.OpError](err)

	return isNet || stale(err) || errors.Is(err, sql.ErrConnDone) || strings.HasPrefix(pgClass(err), "08") ||
		err.Error() == "sql: database is closed" // database/sql exports no value for it
}
