package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"sidereal/account/token"
	"sidereal/atlas"
	"sidereal/cache"
	"sidereal/chart"
	"sidereal/db"
	"sidereal/ephemeris"
	"sidereal/event/natsbroker"
	"sidereal/graph"
	"sidereal/resolvers"
	"sidereal/telemetry"
)

// app is the whole process: everything that New opens, Close closes.
type app struct {
	config   config
	log      *slog.Logger
	database *db.DB
	cache    *cache.Charts
	broker   *natsbroker.Connection
	handler  http.Handler
	sockets  *sockets
}

// newApp opens everything that the configuration names, and migrates the database.
func newApp(ctx context.Context, cfg config, log *slog.Logger) (a *app, err error) {
	a = &app{config: cfg, log: log, sockets: newSockets()}

	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
			a = nil
		}
	}()

	if err = os.MkdirAll(cfg.DataDir, 0o750); err != nil {
		return a, fmt.Errorf("data folder: %w", err)
	}

	if err = a.openDatabase(ctx); err != nil {
		return a, err
	}

	if a.broker, err = natsbroker.Open(natsbroker.Config{URL: cfg.NATSURL, StoreDir: filepath.Join(cfg.DataDir, "nats"), Log: log}); err != nil {
		return a, err
	}

	if err = a.compose(); err != nil {
		return a, err
	}

	return a, nil
}

func (a *app) openDatabase(ctx context.Context) (err error) {
	if a.database, err = openDatabase(ctx, a.config, a.log); err != nil {
		return err
	}

	applied, err := db.NewMigrator(a.database).Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}

	for _, name := range applied {
		a.log.Info("migrated", "migration", name)
	}

	a.cache, err = cache.NewCharts(db.NewCharts(a.database), cache.Config{MaxCharts: a.config.CacheCharts, RedisURL: a.config.RedisURL, Log: a.log})

	return err
}

// compose builds what answers requests.
func (a *app) compose() error {
	signer, err := signerOf(a.config)
	if err != nil {
		return err
	}

	charts, err := chartService(a.cache)
	if err != nil {
		return err
	}

	process := telemetry.NewProcess(time.Now)

	a.handler = a.routes(graph.NewServer(graph.ServerConfig{
		Resolvers:    resolvers.New(charts, process),
		Charts:       charts,
		Process:      process,
		Log:          a.log,
		Development:  !a.config.Production,
		Authenticate: signer.Verify,
		Annotate:     db.WithOperation,
		InitTimeout:  a.config.InitTimeout,
	}), signer)

	return nil
}

// chartService returns the service that casts charts and keeps them in store.
func chartService(store chart.Store) (*chart.Service, error) {
	planets, err := ephemeris.Open()
	if err != nil {
		return nil, fmt.Errorf("ephemeris: %w", err)
	}

	zones, err := atlas.OpenZones()
	if err != nil {
		return nil, err
	}

	return chart.NewService(chart.NewCaster(planets, zones), zones, nil, store, time.Now), nil
}

// signerOf returns the signer of tokens; in development its key is made at the first start and kept.
func signerOf(cfg config) (*token.Signer, error) {
	key := cfg.JWTKey

	if key == nil {
		var err error

		if key, err = developmentKey(cfg.DataDir); err != nil {
			return nil, err
		}
	}

	return token.NewSigner(key, time.Now)
}

// Run serves until ctx ends, and then lets requests under way finish within the grace period. Ready is called with the address when it listens.
func (a *app) Run(ctx context.Context, ready func(addr net.Addr)) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.config.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}

	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()

	server := &http.Server{
		Handler:           a.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}

	served := make(chan error, 1)

	go func() { served <- server.Serve(listener) }()

	ready(listener.Addr())

	select {
	case err = <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	a.log.Info("stopping", "grace", a.config.ShutdownGrace)

	return a.stop(context.WithoutCancel(ctx), server)
}

// stop closes the WebSockets, which have no end of their own, and waits for the requests under way; those that outlast the grace are cut off.
func (a *app) stop(ctx context.Context, server *http.Server) error {
	grace, cancel := context.WithTimeout(ctx, a.config.ShutdownGrace)
	defer cancel()

	a.sockets.Close()

	err := server.Shutdown(grace)
	if err == nil {
		err = a.sockets.Wait(grace)
	}

	if err != nil {
		return errors.Join(fmt.Errorf("shutdown: requests were cut off: %w", err), server.Close())
	}

	return nil
}

// Close closes what newApp opened; it may be called at any point of the opening.
func (a *app) Close() error {
	var err error

	a.sockets.Close()

	if a.broker != nil {
		a.broker.Close()
	}

	if a.cache != nil {
		err = errors.Join(err, a.cache.Close())
	}

	if a.database != nil {
		err = errors.Join(err, a.database.Close())
	}

	return err
}
