package main

import (
	"context"
	"fmt"
	"net/mail"
	"time"

	"github.com/urfave/cli/v3"

	"sidereal/account"
)

// maxTTL is the longest that a token may be valid.
const maxTTL = 30 * 24 * time.Hour

func (c commands) tokenCommand() *cli.Command {
	return &cli.Command{
		Name:  "token",
		Usage: "print a signed token, for development and operations",
		Description: "Send it as the header \"Authorization: Bearer TOKEN\". It is signed with SIDEREAL_JWT_KEY; in development, when that is empty,\n" +
			"with the key that is made and kept in SIDEREAL_DATA_DIR.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "admin", Usage: "of an administrator, rather than of a user"},
			&cli.StringFlag{Name: "email", Usage: "whom the token names", Value: "developer@localhost"},
			&cli.DurationFlag{Name: "ttl", Usage: "how long it is valid, at most 720h", Value: time.Hour},
		},
		Action: c.orUnknown(c.token),
	}
}

func (c commands) token(_ context.Context, cmd *cli.Command) error {
	cfg, err := readConfig(c.environment)
	if err != nil {
		return err
	}

	email, ttl := cmd.String("email"), cmd.Duration("ttl")

	if address, err := mail.ParseAddress(email); err != nil || address.Address != email {
		return fmt.Errorf("%w: --email %q is no address", errUsage, email)
	}

	if ttl <= 0 || ttl > maxTTL {
		return fmt.Errorf("%w: --ttl must be above 0 and at most %s", errUsage, maxTTL)
	}

	keys, err := keysOf(cfg)
	if err != nil {
		return err
	}

	role := account.User
	if cmd.Bool("admin") {
		role = account.Admin
	}

	text, err := signerOf(cfg, keys).Sign(account.Viewer{Subject: email, Email: email, Role: role}, ttl)
	if err != nil {
		return err
	}

	_, err = fmt.Fprintln(c.stdout, text)

	return err
}
