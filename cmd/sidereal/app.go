package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"sidereal/account/collection"
	"sidereal/account/presence"
	"sidereal/atlas"
	"sidereal/atlas/geocoder"
	"sidereal/atlas/places"
	"sidereal/cache"
	"sidereal/chart"
	"sidereal/chart/explain"
	"sidereal/db"
	"sidereal/ephemeris"
	"sidereal/event/hub"
	"sidereal/event/natsbroker"
	"sidereal/graph"
	"sidereal/graph/limit"
	"sidereal/graph/loader"
	"sidereal/graph/transport"
	"sidereal/job"
	"sidereal/people"
	"sidereal/resilience"
	"sidereal/resolvers"
	"sidereal/telemetry"
)

// app is the whole process: everything that New opens, Close closes.
type app struct {
	config     config
	log        *slog.Logger
	database   *db.DB
	cache      *cache.Charts
	documents  *cache.Documents // nil without automatic persisted queries
	buckets    *cache.Buckets   // nil without a Redis
	broker     *natsbroker.Connection
	hub        *hub.Hub
	handler    http.Handler
	webSockets *transport.Sockets
	watcher    *presence.Watcher // nil before there are accounts
	stopping   context.Context   //nolint:containedctx // its end is that of subscriptions by Server-Sent Events
	sendAway   context.CancelFunc
	work       *background
	registry   *resilience.Registry // of the services outside; nil before there is one
	breakers   *breakers

	jobs *job.Engine // nil before there are kinds of jobs

	// What ends the rest, nil before it is there.
	stopJobs, stopResilience, stopRelay, stopHub func() error
	closeModel                                   func()
}

// newApp opens everything that the configuration names, and migrates the database.
func newApp(ctx context.Context, cfg config, log *slog.Logger) (a *app, err error) {
	a = &app{config: cfg, log: log, webSockets: transport.NewSockets(), work: newBackground(ctx, log)}
	a.stopping, a.sendAway = context.WithCancel(context.WithoutCancel(ctx))

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

	stream := cfg.broker(filepath.Join(cfg.DataDir, "nats"))
	stream.Log = log

	if a.broker, err = natsbroker.Open(stream); err != nil {
		return a, err
	}

	if err = a.startHub(ctx); err != nil {
		return a, err
	}

	if err = a.startResilience(ctx); err != nil {
		return a, err
	}

	if err = a.compose(ctx); err != nil {
		return a, err
	}

	if err = a.startBreakers(ctx); err != nil {
		return a, err
	}

	if err = a.startRelay(ctx); err != nil {
		return a, err
	}

	if err = a.startJobs(ctx); err != nil {
		return a, err
	}

	return a, a.watchHealth()
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
func (a *app) compose(ctx context.Context) error {
	keys, err := keysOf(a.config)
	if err != nil {
		return err
	}

	signer := signerOf(a.config, keys)

	caster, zones, err := openCaster()
	if err != nil {
		return err
	}

	places, err := placeFinder(a.config, a.registry)
	if err != nil {
		return err
	}

	charts := chart.NewService(caster, zones, places, a.cache, time.Now)
	famous := people.NewService(db.NewPeople(a.database), caster, zones, places)

	if err = a.seed(ctx, famous); err != nil {
		return err
	}

	readings, err := a.openReadings(charts, caster)
	if err != nil {
		return err
	}

	documents, err := a.openDocuments()
	if err != nil {
		return err
	}

	buckets, err := a.openBuckets()
	if err != nil {
		return err
	}

	saved := collection.NewService(db.NewCollections(a.database), charts, time.Now)
	connections := telemetry.NewConnections(a.hubFigures)
	process := telemetry.NewProcess(time.Now, connections, a.registry.List)
	a.breakers = newBreakers(a.registry, db.NewBreakers(a.database), a.hub, a.log)
	accounts := a.openAccounts(signer)
	a.work.Go("keeping accounts", accounts.Run)

	a.handler, err = a.routes(graph.NewServer(graph.ServerConfig{
		Resolvers: resolvers.New(resolvers.Services{
			Charts: charts, Caster: caster, Explainer: explain.New(caster, zones), Places: places, People: famous, Saved: saved,
			Readings: readings, Accounts: accounts, Events: resolvers.HubEvents{Hub: a.hub}, Outbox: db.NewOutbox(a.database), Breakers: a.breakers, Process: process,
			Now: time.Now, Log: a.log,
		}),
		Sources:      loader.Sources{Charts: charts, People: famous, Collections: saved, Readings: readings},
		Process:      process,
		Log:          a.log,
		Development:  !a.config.Production,
		Documents:    documents,
		Authenticate: accounts.Authenticate,
		Annotate:     db.WithOperation,
		InitTimeout:  a.config.InitTimeout,
		Sockets:      a.webSockets,
		AllowOrigin:  a.config.HTTP.Origins.AllowRequest,
		Limits:       a.config.Limits.Operation,
		Buckets:      buckets,
		Connections:  a.connectionConfig(connections),
		MaxBodyBytes: a.config.Limits.MaxBodyBytes,
		MaxTime:      a.config.Limits.MaxTime,
	}), accounts.Authenticate, keys)

	return err
}

// openBuckets returns who has how many points left: in this process, or in the Redis that processes share.
func (a *app) openBuckets() (limit.Buckets, error) {
	local := limit.NewLocal(time.Now)

	if a.config.RedisURL == "" {
		return local, nil
	}

	var err error

	a.buckets, err = cache.NewBuckets(a.config.RedisURL, local, a.log)

	return a.buckets, err
}

// openCaster returns what casts charts, and the time zones that it goes by.
func openCaster() (*chart.Caster, *atlas.Zones, error) {
	planets, err := ephemeris.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("ephemeris: %w", err)
	}

	zones, err := atlas.OpenZones()
	if err != nil {
		return nil, nil, err
	}

	return chart.NewCaster(planets, zones).WithEngine(version()), zones, nil
}

// seed puts the shipped list of famous people in, which the first start does; what matching needs is made ready in the background.
func (a *app) seed(ctx context.Context, famous *people.Service) error {
	report, err := famous.Seed(ctx)
	if err != nil {
		return err
	}

	if report.Rows > 0 {
		a.log.Info("the list of famous people is in", "people", report.Rows, "new", report.Created, "changed", report.Changed)
	}

	a.work.Go("warming the index of famous people", famous.Warm)

	return nil
}

// placeFinder returns the finder of places: the gazetteer, and the service outside that the configuration names, which is added to a registry.
func placeFinder(cfg config, registry *resilience.Registry) (*places.Finder, error) {
	if cfg.GeocoderURL == "" {
		return places.New(places.Config{})
	}

	agent := "sidereal/" + version()
	if cfg.GeocoderEmail != "" {
		agent += " (" + cfg.GeocoderEmail + ")"
	}

	return places.New(places.Config{Geocoder: func(zones geocoder.Zoner) (geocoder.Geocoder, error) {
		service := geocoder.Config{
			BaseURL: cfg.GeocoderURL, Email: cfg.GeocoderEmail, UserAgent: agent, Timeout: cfg.GeocoderTimeout, Interval: cfg.GeocoderInterval,
		}

		var err error
		if service.Dependency, err = registry.Add("geocoder", service.Policy(cfg.policy())); err != nil {
			return nil, err
		}

		return geocoder.NewNominatim(service, zones)
	}})
}

// Run serves until ctx ends, and then lets requests under way finish within the grace period. Ready is called with the address when it listens: http://HOST:PORT,
// or https:// where there is a certificate.
func (a *app) Run(ctx context.Context, ready func(address string)) error {
	listener, certificate, err := a.listen(ctx)
	if err != nil {
		return err
	}

	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()

	server := a.newServer(base, certificate)
	served := make(chan error, 1)

	a.reloadOnHangup(ctx, certificate)

	if certificate == nil {
		go func() { served <- server.Serve(listener) }()

		ready("http://" + listener.Addr().String())
	} else {
		go func() { served <- server.ServeTLS(listener, "", "") }()

		ready("https://" + listener.Addr().String())
	}

	select {
	case err = <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	a.log.Info("stopping", "grace", a.config.ShutdownGrace)

	return a.stop(context.WithoutCancel(ctx), server)
}

// stop sends the WebSockets and the subscriptions by Server-Sent Events away, which have no end of their own, and waits for the requests under way; those that outlast the
// grace are cut off.
func (a *app) stop(ctx context.Context, server *http.Server) error {
	grace, cancel := context.WithTimeout(ctx, a.config.ShutdownGrace)
	defer cancel()

	a.sendAway()

	served := make(chan error, 1)

	go func() { served <- server.Shutdown(grace) }() // nobody who is sent away can come back to this process

	if err := errors.Join(a.webSockets.Close(grace), <-served); err != nil {
		return errors.Join(fmt.Errorf("shutdown: requests were cut off: %w", err), server.Close())
	}

	return nil
}

// Close closes what newApp opened; it may be called at any point of the opening.
func (a *app) Close() error {
	a.sendAway()

	if a.watcher != nil {
		a.watcher.Close()
	}

	var err error

	if a.stopJobs != nil { // before what they stand on, as the next ones
		err = a.stopJobs()
	}

	if a.closeModel != nil {
		a.closeModel()
	}

	if a.stopResilience != nil {
		err = errors.Join(err, a.stopResilience())
	}

	a.work.Stop()

	if a.stopRelay != nil {
		err = errors.Join(err, a.stopRelay())
	}

	if a.stopHub != nil {
		err = errors.Join(err, a.stopHub())
	}

	if a.broker != nil {
		a.broker.Close()
	}

	if a.buckets != nil {
		err = errors.Join(err, a.buckets.Close())
	}

	if a.cache != nil {
		err = errors.Join(err, a.cache.Close())
	}

	if a.documents != nil {
		err = errors.Join(err, a.documents.Close())
	}

	if a.database != nil {
		err = errors.Join(err, a.database.Close())
	}

	return err
}
