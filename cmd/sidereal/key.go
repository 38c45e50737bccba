package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"sidereal/account/token"
)

func (c commands) keyCommand() *cli.Command {
	return &cli.Command{
		Name:  "key",
		Usage: "print a fresh key to sign tokens with",
		Description: "An Ed25519 private key in PEM, for SIDEREAL_JWT_KEY: keep it in a file that only the service may read, and give file:PATH. Others verify\n" +
			"tokens by what " + keySetPath + " publishes. With --secret a secret for HS256, which all who verify must share.",
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "secret", Usage: "a secret rather than an Ed25519 key"}},
		Action: c.orUnknown(c.key),
	}
}

func (c commands) key(_ context.Context, cmd *cli.Command) error {
	text := token.NewSecret() + "\n"

	if !cmd.Bool("secret") {
		var err error
		if text, err = token.NewPrivateKey(); err != nil {
			return err
		}
	}

	_, err := fmt.Fprint(c.stdout, text)

	return err
}

// signerOf returns the signer of tokens.
func signerOf(cfg config, keys *token.Keys) *token.Signer {
	return token.NewSigner(keys, token.Config{Issuer: cfg.Account.Issuer, Audience: cfg.Account.Audience, Now: time.Now})
}

// keysOf returns the keys that the configuration names; in development the one that signs is made at the first start and kept.
func keysOf(cfg config) (*token.Keys, error) {
	signing := cfg.Account.Key

	if !signing.Signs() {
		var err error
		if signing, err = developmentKey(cfg.DataDir); err != nil {
			return nil, fmt.Errorf("development key: %w", err)
		}
	}

	return token.NewKeys(signing, cfg.Account.PreviousKeys...)
}

// maxKeyFile is how long a file with a key may be, in bytes; an Ed25519 key in PEM has some 120.
const maxKeyFile = 64 << 10

// readKey reads a key that is written out or lies in a file. The error holds nothing of it.
func readKey(text string) (token.Key, error) {
	path, inFile := strings.CutPrefix(text, "file:")
	if !inFile {
		return token.ParseKey(text)
	}

	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return token.Key{}, errors.New("must name a file with a key that can be read")
	}

	held, err := os.ReadFile(path)
	if err != nil {
		return token.Key{}, errors.New("must name a file with a key that can be read")
	}

	return token.ParseKey(string(held))
}

// developmentKey returns the key kept in the data folder; the first call makes it. Two processes that start at once agree on one.
func developmentKey(dataDir string) (token.Key, error) {
	path := filepath.Join(dataDir, "jwt.key")

	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeKey(path)
	}

	if err != nil {
		return token.Key{}, err
	}

	return token.ParseKey(string(text))
}

// makeKey writes a random key aside and links it into place, which fails when another process was faster; then that one's key counts.
func makeKey(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}

	aside, err := os.CreateTemp(filepath.Dir(path), "jwt.key.*") // mode 0600
	if err != nil {
		return nil, err
	}

	defer func() { _ = os.Remove(aside.Name()) }()

	_, err = aside.WriteString(token.NewSecret() + "\n")
	if err = errors.Join(err, aside.Close()); err != nil {
		return nil, err
	}

	if err := os.Link(aside.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}

	return os.ReadFile(path)
}
