package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sidereal/account/token"
)

// developmentKey returns the key kept in the data folder; the first call makes it. Two processes that start at once agree on one.
func developmentKey(dataDir string) ([]byte, error) {
	path := filepath.Join(dataDir, "jwt.key")

	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeKey(path)
	}

	if err != nil {
		return nil, fmt.Errorf("development key: %w", err)
	}

	return []byte(strings.TrimSpace(string(text))), nil
}

// makeKey writes a random key aside and links it into place, which fails when another process was faster; then that one's key counts.
func makeKey(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}

	raw := make([]byte, token.MinKeyBytes)
	_, _ = rand.Read(raw) // never fails (crypto/rand)

	aside, err := os.CreateTemp(filepath.Dir(path), "jwt.key.*") // mode 0600
	if err != nil {
		return nil, err
	}

	defer func() { _ = os.Remove(aside.Name()) }()

	_, err = aside.WriteString(base64.RawStdEncoding.EncodeToString(raw) + "\n")
	if err = errors.Join(err, aside.Close()); err != nil {
		return nil, err
	}

	if err := os.Link(aside.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}

	return os.ReadFile(path)
}
