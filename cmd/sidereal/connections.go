package main

import (
	"context"
	"math"
	"time"

	"sidereal/account"
	"sidereal/account/presence"
	"sidereal/graph"
	"sidereal/graph/transport"
)

// openAccounts returns the accounts, and watches over the tokens of long connections: it is told at once what this process changes of them.
func (a *app) openAccounts(signer account.Tokens) *account.Service {
	cfg := a.config
	cfg.Account.Service.Changed = func(c account.Change) { a.watcher.Recheck(c.Concerns) }

	accounts := newAccounts(cfg, a.database, signer, a.log)
	a.watcher = presence.NewWatcher(accounts.Authenticate, time.Now, presence.Config{Recheck: a.config.Live.Recheck})

	return accounts
}

// connectionConfig returns who is asked and told about long connections.
func (a *app) connectionConfig(meter transport.Meter) graph.ConnectionConfig {
	admission := presence.NewAdmission(a.config.Live.Limits)

	operations := a.config.Live.MaxSubscriptions
	if operations == 0 {
		operations = math.MaxInt
	}

	return graph.ConnectionConfig{
		Admit:       admission.Admit,
		AdmitViewer: admission.AdmitViewer,
		Watch: func(_ context.Context, token string, viewer account.Viewer, ended func(reason string)) transport.Watch {
			return a.watcher.Watch(token, viewer, ended)
		},
		Meter:            meter,
		MaxSubscriptions: operations,
		Stopping:         a.stopping.Done(),
		Now:              a.cursorOfNow,
	}
}

// cursorOfNow returns the place in the stream of events behind which everything is still to come; empty when the stream was never reached.
func (a *app) cursorOfNow(ctx context.Context) string {
	now := a.hub.Now(ctx)
	if now.IsZero() {
		return ""
	}

	return now.String()
}
