package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"sidereal/chart"
	"sidereal/chart/wheel"
)

// wheelFrom returns what draws the wheel that the flags ask for, which is nothing without --wheel.
func wheelFrom(cmd *cli.Command, zodiac chart.Zodiac, system chart.HouseSystem) (func(*chart.Chart) error, error) {
	theme, err := choose("theme", cmd.String("theme"), themes)
	if err != nil {
		return nil, err
	}

	var (
		name = cmd.String("wheel")
		opts = wheel.Options{Theme: theme, Size: cmd.Int("size"), Zodiac: zodiac, System: system}
		form func(*wheel.Picture, io.Writer) error
	)

	switch strings.ToLower(filepath.Ext(name)) {
	case ".svg":
		form = func(p *wheel.Picture, w io.Writer) error {
			_, err := w.Write(p.SVG())

			return err
		}
	case ".png":
		form = (*wheel.Picture).WritePNG
	default:
		if cmd.IsSet("wheel") {
			return nil, fmt.Errorf("%w: --wheel %q ends neither in .svg nor in .png", errUsage, name)
		}

		return func(*chart.Chart) error { return nil }, nil
	}

	return func(c *chart.Chart) error {
		picture, err := wheel.Compose(c, opts)
		if err != nil {
			return err
		}

		return writeWhole(name, func(w io.Writer) error { return form(picture, w) })
	}, nil
}

// writeWhole writes a file that is there as a whole or, after an error, as it was before.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	const readable = 0o644

	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}

	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()

	if err := write(file); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}

	if err := file.Chmod(readable); err != nil {
		return err
	}

	if err := file.Close(); err != nil {
		return err
	}

	return os.Rename(file.Name(), name)
}
