// Command sidereal serves birth charts over GraphQL, and does on the command line what needs no server.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/urfave/cli/v3"

	"sidereal/ephemeris"
	"sidereal/fault"
	"sidereal/telemetry"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // something went wrong that trying again may mend
	exitUsage   = 2 // the command line, the input or the configuration is wrong
)

// errUsage marks mistakes on the command line.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args, os.Environ(), os.Stdout, os.Stderr)

	stop()
	os.Exit(code)
}

// run is main without its globals; it returns the exit code.
func run(ctx context.Context, args, environment []string, stdout, stderr io.Writer) int {
	err := newCommand(environment, stdout, stderr).Run(ctx, args)
	if err == nil {
		return exitOK
	}

	_, _ = fmt.Fprintf(stderr, "sidereal: %s\n", inWords(err))

	if errors.Is(err, errUsage) || errors.Is(err, errConfig) || fault.CodeOf(err) == fault.ValidationFailed {
		return exitUsage
	}

	return exitFailure
}

// inWords words an error for a terminal.
func inWords(err error) string {
	if f, ok := fault.As(err); ok && f.Code == fault.ValidationFailed {
		return strings.TrimPrefix(f.Field+": ", ": ") + f.Message
	}

	return err.Error()
}

func newCommand(environment []string, stdout, stderr io.Writer) *cli.Command {
	c := commands{environment: environment, stdout: stdout, stderr: stderr}

	return &cli.Command{
		Name:  "sidereal",
		Usage: "birth charts over GraphQL",
		Description: "Without a command it serves. Settings come from the environment; `sidereal serve --help` lists them.\n\n" +
			"Exit codes: 0 done; 1 failed; 2 the command line, the input or the configuration is wrong.",
		Writer:         stdout,
		ErrWriter:      stderr,
		HideVersion:    true,
		Suggest:        true,
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // run does
		OnUsageError: func(_ context.Context, _ *cli.Command, err error, _ bool) error {
			return fmt.Errorf("%w: %w", errUsage, err)
		},
		CommandNotFound: nil,
		Action:          c.orUnknown(c.serve),
		Commands: []*cli.Command{
			c.serveCommand(),
			c.migrateCommand(),
			c.chartCommand(),
			c.placesCommand(),
			c.tokenCommand(),
			c.keyCommand(),
			c.peopleCommand(),
			c.userCommand(),
			c.versionCommand(),
		},
	}
}

// commands is what the commands share.
type commands struct {
	environment    []string
	stdout, stderr io.Writer
}

// orUnknown runs action unless there are arguments that it does not take.
func (c commands) orUnknown(action cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		if cmd.Args().Present() {
			return fmt.Errorf("%w: %q is no command of %s; see --help", errUsage, cmd.Args().First(), cmd.FullName())
		}

		return action(ctx, cmd)
	}
}

func (c commands) versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the versions of the program and of its ephemeris",
		Action: c.orUnknown(func(context.Context, *cli.Command) error {
			planets, err := ephemeris.Open()
			if err != nil {
				return fmt.Errorf("ephemeris: %w", err)
			}

			_, err = fmt.Fprintf(c.stdout, "sidereal %s, ephemeris %s\n", version(), planets.Version())

			return err
		}),
	}
}

// revision is what the Makefile's build sets, by git describe.
var revision string

// version returns the version that the program was built from.
func version() string {
	if revision != "" {
		return revision
	}

	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}

	return "(devel)"
}

// logger returns the process's log: text in development, JSON in production.
func (c commands) logger(cfg config) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}

	var h slog.Handler = slog.NewTextHandler(c.stderr, options)
	if cfg.Production {
		h = slog.NewJSONHandler(c.stderr, options)
	}

	return slog.New(telemetry.LogHandler{Handler: h})
}
