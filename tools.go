//go:build tools

// Package tools pins what the project is founded on and generated with, so that go.mod keeps it at versions that resolve together
// whether or not a room imports it yet.
package tools

import (
	_ "github.com/99designs/gqlgen"
	_ "github.com/99designs/gqlgen/graphql/introspection"
	_ "github.com/avast/retry-go/v4"
	_ "github.com/coder/websocket"
	_ "github.com/eko/gocache/lib/v4/cache"
	_ "github.com/eko/gocache/store/redis/v4"
	_ "github.com/eko/gocache/store/ristretto/v4"
	_ "github.com/golang-jwt/jwt/v5"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/graph-gophers/dataloader/v7"
	_ "github.com/maypok86/otter/v2"
	_ "github.com/mercari/go-circuitbreaker"
	_ "github.com/nats-io/nats-server/v2/server"
	_ "github.com/nats-io/nats.go/jetstream"
	_ "github.com/redis/go-redis/v9"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/uptrace/bun"
	_ "github.com/uptrace/bun/dialect/pgdialect"
	_ "github.com/uptrace/bun/dialect/sqlitedialect"
	_ "github.com/uptrace/bun/driver/pgdriver"
	_ "github.com/uptrace/bun/driver/sqliteshim"
	_ "github.com/uptrace/bun/migrate"
	_ "github.com/vektah/gqlparser/v2"
	_ "go.uber.org/goleak"
	_ "pgregory.net/rapid"
)
