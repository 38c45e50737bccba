package db

import (
	"testing"

	"sidereal/account/accounttest"
)

func TestAccountsPassTheStoreSuite(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			accounttest.TestStore(t, func(t *testing.T) accounttest.Opened {
				d := migrated(t, Config{URL: b.url(t)})

				return accounttest.Opened{Store: NewAccounts(d), Close: func() { _ = d.Close() }, Events: func(t *testing.T) (types []string) {
					if err := d.reader.NewSelect().Model((*outboxRow)(nil)).Column("type").Scan(t.Context(), &types); err != nil {
						t.Fatal(err)
					}

					return types
				}}
			})
		})
	}
}
