package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sidereal/account"
	"sidereal/account/token"
)

// accountConfig is the settings of accounts: sessions, passwords, keys.
type accountConfig struct {
	Key              token.Key   // signs tokens; the zero Key in development, where one is made and kept
	KeyGiven         bool        // even if it was a bad one
	PreviousKeys     []token.Key // verify only
	Issuer           string
	Audience         string
	Service          account.Config
	PasswordHashings int // at once
	PasswordWait     time.Duration
}

// accountSettings are their rows of the table.
var accountSettings = []setting{
	{"JWT_KEY", "", "what tokens are signed with: a secret of at least 32 bytes, or an Ed25519 private key in PEM, written out or as file:PATH; " +
		"made and kept in DATA_DIR in development", func(c *config, v string) (err error) {
		if c.Account.KeyGiven = v != ""; v == "" {
			return nil
		}

		if c.Account.Key, err = readKey(v); err == nil && !c.Account.Key.Signs() {
			err = errors.New("must be able to sign: this is a public key")
		}

		return err
	}},
	{"JWT_PREVIOUS_KEYS", "", "keys whose tokens are good, too, separated by commas, in the forms of JWT_KEY or as Ed25519 public keys; " +
		"docs/accounts.md says how to change keys", func(c *config, v string) error {
		for text := range strings.SplitSeq(v, ",") {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}

			key, err := readKey(text)
			if err != nil {
				return fmt.Errorf("number %d %w", len(c.Account.PreviousKeys)+1, err)
			}

			c.Account.PreviousKeys = append(c.Account.PreviousKeys, key)
		}

		return nil
	}},
	{"JWT_ISSUER", "sidereal", "who signs tokens, their iss: a name or the URL of this service", func(c *config, v string) error {
		c.Account.Issuer = v

		return nil
	}},
	{"JWT_AUDIENCE", "sidereal", "whom tokens are for, their aud; others are refused", func(c *config, v string) error {
		c.Account.Audience = v

		return nil
	}},
	{"ACCESS_TTL", "15m", "how long an access token is valid, 1s to 24h", func(c *config, v string) error {
		return durationWithin(&c.Account.Service.AccessTTL, v, time.Second, 24*time.Hour)
	}},
	{"REFRESH_TTL", "720h", "how long a session lasts that is not refreshed, 1m to 8760h", func(c *config, v string) error {
		return durationWithin(&c.Account.Service.RefreshTTL, v, time.Minute, 365*24*time.Hour)
	}},
	{"SESSION_TTL", "2160h", "how long a session lasts however often it is refreshed, 1m to 8760h", func(c *config, v string) error {
		return durationWithin(&c.Account.Service.SessionTTL, v, time.Minute, 365*24*time.Hour)
	}},
	{
		"REFRESH_GRACE", "0s", "how long a spent refresh token is answered with the same successor, as long as that was not used, before it is taken for stolen; up to 1m",
		func(c *config, v string) error {
			return durationWithin(&c.Account.Service.RefreshGrace, v, 0, time.Minute)
		},
	},
	{"PASSWORD_HASHINGS", "4", "passwords that are hashed at once, 1 to 256; each takes 19 MiB and a processor", func(c *config, v string) error {
		return wholeNumber(&c.Account.PasswordHashings, v, 1, 256)
	}},
	{"PASSWORD_WAIT", "5s", "how long a sign-in may wait for its turn to be hashed before it is answered with RATE_LIMITED", func(c *config, v string) error {
		return durationWithin(&c.Account.PasswordWait, v, time.Millisecond, time.Minute)
	}},
	{"LOCKOUT_ACCOUNT", "5", "failures to sign in before an account is locked for a while; 0 for no lock", func(c *config, v string) error {
		return limitOrNone(&c.Account.Service.FreeSignIns, v)
	}},
	{"LOCKOUT_ADDRESS", "20", "failures to sign in from one address within an hour before it is locked for a while; 0 for no lock", func(c *config, v string) error {
		return limitOrNone(&c.Account.Service.FreeAddressSignIns, v)
	}},
	{"SIGN_UPS", "20", "sign-ups from one address within an hour before it has to wait between them; 0 for no limit", func(c *config, v string) error {
		return limitOrNone(&c.Account.Service.FreeSignUps, v)
	}},
}

// limitOrNone reads a limit in the form that account.Config has it: negative for none.
func limitOrNone(into *int, value string) error {
	err := wholeNumber(into, value, 0, 1_000_000)
	if *into == 0 {
		*into = -1
	}

	return err
}
