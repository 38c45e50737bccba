package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"sidereal/web/edge"
)

// listen opens the address that requests come to, encrypted where the configuration names a certificate.
func (a *app) listen(ctx context.Context) (net.Listener, *edge.Certificate, error) {
	cfg := a.config.HTTP

	var certificate *edge.Certificate

	if cfg.TLSCert != "" {
		var err error

		if certificate, err = edge.OpenCertificate(cfg.TLSCert, cfg.TLSKey, a.log); err != nil {
			return nil, nil, err
		}
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.config.Addr)
	if err != nil {
		return nil, nil, fmt.Errorf("listen: %w", err)
	}

	if cfg.MaxConnections > 0 {
		listener = edge.Limit(listener, cfg.MaxConnections)
	}

	return listener, certificate, nil
}

// newServer returns the server of the handler. It has no WriteTimeout, which would cut streams and WebSockets: the edge bounds each write.
func (a *app) newServer(base context.Context, certificate *edge.Certificate) *http.Server {
	cfg := a.config.HTTP

	var secured *tls.Config
	if certificate != nil {
		secured = certificate.Config()
	}

	return &http.Server{
		Handler:           a.handler,
		TLSConfig:         secured,
		ReadHeaderTimeout: cfg.ReadHeaderTimeout,
		ReadTimeout:       cfg.ReadTimeout,
		IdleTimeout:       cfg.IdleTimeout,
		MaxHeaderBytes:    cfg.MaxHeaderBytes,
		HTTP2:             &http.HTTP2Config{WriteByteTimeout: cfg.WriteTimeout},
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

// reloadOnHangup reads the certificate anew at each SIGHUP, as a renewal's hook may ask for, until ctx ends. Without a certificate it changes nothing, so that the
// signal ends the process as it does any other.
func (a *app) reloadOnHangup(ctx context.Context, certificate *edge.Certificate) {
	if certificate == nil {
		return
	}

	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)

	a.work.Go("reloading the certificate", func(work context.Context) error {
		defer signal.Stop(hangups)

		for {
			select {
			case <-hangups:
				if err := certificate.Reload(); err != nil {
					a.log.Warn("the certificate is not usable; the one before stays", "error", err)
				}
			case <-ctx.Done():
				return nil
			case <-work.Done():
				return nil
			}
		}
	})
}
