package main

import (
	"errors"
	"fmt"
	"strings"

	"sidereal/account/token"
)

// accountConfig is the settings of accounts: sessions, passwords, keys.
type accountConfig struct {
	Key          token.Key   // signs tokens; the zero Key in development, where one is made and kept
	KeyGiven     bool        // even if it was a bad one
	PreviousKeys []token.Key // verify only
	Issuer       string
	Audience     string
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
}
