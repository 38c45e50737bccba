package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"sidereal/account"
	"sidereal/account/password"
	"sidereal/db"
)

func (c commands) userCommand() *cli.Command {
	return &cli.Command{
		Name:  "user",
		Usage: "add and list accounts, and say who is an administrator",
		Description: "The database is that of SIDEREAL_DATABASE_URL; its schema is brought forward first. The first administrator is made here:\n\n" +
			"    sidereal user add ADDRESS --admin",
		Action: func(_ context.Context, cmd *cli.Command) error {
			return fmt.Errorf("%w: give add, role or list (not %q); see sidereal user --help", errUsage, cmd.Args().First())
		},
		Commands: []*cli.Command{
			{
				Name: "add", Usage: "make an account; its password is asked for", ArgsUsage: "ADDRESS", Action: c.users(c.userAdd),
				Flags: []cli.Flag{
					&cli.BoolFlag{Name: "admin", Usage: "of an administrator, rather than of a user"},
					&cli.StringFlag{Name: "name", Usage: "a name for display"},
					&cli.BoolFlag{Name: "password-stdin", Usage: "read the password from the first line of the standard input, without asking"},
				},
			},
			{Name: "role", Usage: "give an account another role", ArgsUsage: "ADDRESS USER|ADMIN", Action: c.users(c.userRole)},
			{Name: "list", Usage: "print all accounts, newest first", Action: c.orUnknown(c.users(c.userList))},
		},
	}
}

// users runs an action with the accounts of the configured database.
func (c commands) users(action func(context.Context, *cli.Command, *account.Service) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		return c.withDatabase(ctx, func(cfg config, database *db.DB) error {
			if _, err := db.NewMigrator(database).Up(ctx); err != nil {
				return fmt.Errorf("migrate: %w", err)
			}

			return action(ctx, cmd, newAccounts(cfg, database, nil, c.logger(cfg)))
		})
	}
}

// userArguments returns an address and the further arguments, which must be so many.
func userArguments(cmd *cli.Command, further int, form string) (string, []string, error) {
	args := cmd.Args().Slice()
	if len(args) != 1+further {
		return "", nil, fmt.Errorf("%w: sidereal user %s %s", errUsage, cmd.Name, form)
	}

	return args[0], args[1:], nil
}

func (c commands) userAdd(ctx context.Context, cmd *cli.Command, accounts *account.Service) error {
	email, _, err := userArguments(cmd, 0, "ADDRESS [--admin] [--name NAME] [--password-stdin]")
	if err != nil {
		return err
	}

	if email, err = account.CleanEmail(email); err != nil { // before the password is asked for
		return err
	}

	secret, err := c.readPassword(!cmd.Bool("password-stdin"))
	if err != nil {
		return err
	}

	role := account.User
	if cmd.Bool("admin") {
		role = account.Admin
	}

	a, err := accounts.Add(ctx, account.SignUp{Email: email, Password: secret, Name: cmd.String("name")}, role)
	if err != nil {
		return err
	}

	_, err = fmt.Fprintf(c.stdout, "added %s, %s\n", a.Email, a.Role)

	return err
}

// maxPasswordLine bounds what is read of the standard input, in bytes.
const maxPasswordLine = 4096

// readPassword reads a password from the standard input: unseen and twice when ask is set and a terminal is there, else from its first line.
func (c commands) readPassword(ask bool) (string, error) {
	terminal := int(os.Stdin.Fd())

	if !ask || !term.IsTerminal(terminal) {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, maxPasswordLine)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}

		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return "", fmt.Errorf("%w: give the password on the standard input", errUsage)
		}

		return line, nil
	}

	var typed [2]string

	for i, prompt := range []string{"Password: ", "Again: "} {
		_, _ = fmt.Fprint(c.stderr, prompt)

		text, err := term.ReadPassword(terminal)
		if _, _ = fmt.Fprintln(c.stderr); err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}

		typed[i] = string(text)
	}

	if typed[0] != typed[1] {
		return "", fmt.Errorf("%w: the two passwords differ", errUsage)
	}

	return typed[0], nil
}

func (c commands) userRole(ctx context.Context, cmd *cli.Command, accounts *account.Service) error {
	email, further, err := userArguments(cmd, 1, "ADDRESS USER|ADMIN")
	if err != nil {
		return err
	}

	role := account.Role(strings.ToUpper(further[0]))
	if err = oneOf(string(role), string(account.User), string(account.Admin)); err != nil {
		return fmt.Errorf("%w: the role %w", errUsage, err)
	}

	a, err := accounts.ByEmail(ctx, email)
	if err != nil {
		return err
	}

	if a, err = accounts.SetRole(ctx, a.ID, role); err != nil {
		return err
	}

	_, err = fmt.Fprintf(c.stdout, "%s is %s\n", a.Email, a.Role)

	return err
}

func (c commands) userList(ctx context.Context, _ *cli.Command, accounts *account.Service) error {
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ADDRESS\tROLE\tSINCE\tNAME")

	for after := ""; ; {
		page, err := accounts.List(ctx, "", after, account.MaxFirst)
		if err != nil {
			return err
		}

		for _, a := range page.Accounts {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Email, a.Role, a.CreatedAt.Format(time.DateTime), a.Name)
			after = a.ID
		}

		if !page.More {
			return w.Flush()
		}
	}
}

// newAccounts returns the accounts in a database. Tokens may be nil where nobody signs in.
func newAccounts(cfg config, database *db.DB, tokens account.Tokens, log *slog.Logger) *account.Service {
	settings := cfg.Account.Service
	settings.Log = log
	hasher := password.NewHasher(password.Usual, cfg.Account.PasswordHashings, cfg.Account.PasswordWait)

	return account.NewService(db.NewAccounts(database), hasher, tokens, time.Now, settings)
}
