package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"sidereal/db"
	"sidereal/people"
	"sidereal/resilience"
)

func (c commands) peopleCommand() *cli.Command {
	return &cli.Command{
		Name:  "people",
		Usage: "list, search and import famous people",
		Description: "The database is that of SIDEREAL_DATABASE_URL. Its schema is brought forward, and the shipped list put in, first.\n\n" +
			"Import reads CSV in UTF-8 whose first row names the columns, at least name and birth_date (1879-03-14). Also read are date_precision,\n" +
			"birth_time, time_rating, place, country, latitude, longitude, zone, occupation, link, date_source, time_source and calendar_note. Bad rows\n" +
			"are reported by line, good ones are kept, and a repeated import changes nothing.\n\n" +
			"Rows without coordinates are located by the gazetteer, where there is little doubt: \"Ulm, Germany\", but not \"Springfield\".",
		Action: func(_ context.Context, cmd *cli.Command) error {
			return fmt.Errorf("%w: give list, search or import (not %q); see sidereal people --help", errUsage, cmd.Args().First())
		},
		Commands: []*cli.Command{
			{Name: "list", Usage: "print everybody, ordered by name", Action: c.orUnknown(c.people(c.peopleList))},
			{Name: "search", Usage: "print whose names have words that begin so", ArgsUsage: "TEXT", Action: c.people(c.peopleSearch)},
			{Name: "import", Usage: "take over the people of a CSV file", ArgsUsage: "FILE.csv", Action: c.people(c.peopleImport)},
		},
	}
}

// people runs an action with the people of the configured database.
func (c commands) people(action func(context.Context, *cli.Command, *people.Service) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		return c.withDatabase(ctx, func(cfg config, database *db.DB) error {
			if _, err := db.NewMigrator(database).Up(ctx); err != nil {
				return fmt.Errorf("migrate: %w", err)
			}

			places, err := placeFinder(cfg, resilience.New(resilience.Config{}))
			if err != nil {
				return err
			}

			caster, zones, err := openCaster()
			if err != nil {
				return err
			}

			service := people.NewService(db.NewPeople(database), caster, zones, places)

			if _, err = service.Seed(ctx); err != nil {
				return err
			}

			return action(ctx, cmd, service)
		})
	}
}

func (c commands) peopleList(ctx context.Context, _ *cli.Command, service *people.Service) error {
	return c.printPeople(ctx, service, "")
}

func (c commands) peopleSearch(ctx context.Context, cmd *cli.Command, service *people.Service) error {
	text := strings.Join(cmd.Args().Slice(), " ")
	if people.Fold(text) == "" {
		return fmt.Errorf("%w: give the beginning of a name", errUsage)
	}

	return c.printPeople(ctx, service, text)
}

// printPeople prints everybody that a search finds, page by page.
func (c commands) printPeople(ctx context.Context, service *people.Service, text string) error {
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "NAME\tBORN\tTIME\tRATING\tPLACE\tOCCUPATION")

	for after := (*people.Mark)(nil); ; {
		page, err := service.Search(ctx, text, after, people.MaxFirst)
		if err != nil {
			return err
		}

		for _, p := range page.People {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Name, born(p), clock(p), p.Rating, place(p.Place), p.Occupation)
		}

		if !page.More {
			return w.Flush()
		}

		mark := page.People[len(page.People)-1].Mark()
		after = &mark
	}
}

func born(p people.Person) string {
	if p.YearOnly {
		return p.Date.String()[:len("1990")]
	}

	return p.Date.String()
}

func clock(p people.Person) string {
	if !p.TimeKnown {
		return "unknown"
	}

	return p.Clock.String()
}

func place(p people.Place) string {
	return strings.Trim(p.Name+", "+p.Country, ", ")
}

func (c commands) peopleImport(ctx context.Context, cmd *cli.Command, service *people.Service) error {
	if cmd.Args().Len() != 1 {
		return fmt.Errorf("%w: give one CSV file", errUsage)
	}

	file, err := os.Open(cmd.Args().First())
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	defer file.Close() //nolint:errcheck // it was only read

	report, err := service.Import(ctx, file, func(r people.Report) {
		_, _ = fmt.Fprintf(c.stderr, "%d rows read\n", r.Rows)
	})

	c.printReport(report)

	return err
}

func (c commands) printReport(r people.Report) {
	for _, p := range r.Problems {
		_, _ = fmt.Fprintf(c.stderr, "line %d: %s\n", p.Line, p.Reason)
	}

	if more := r.Rejected - len(r.Problems); more > 0 {
		_, _ = fmt.Fprintf(c.stderr, "and %d more\n", more)
	}

	_, _ = fmt.Fprintf(c.stdout, "%d rows: %d new, %d changed, %d unchanged, %d rejected\n", r.Rows, r.Created, r.Changed, r.Unchanged, r.Rejected)
	_, _ = fmt.Fprintf(c.stdout, "without a chart: %d whose day of birth is not known, %d whose place was not found\n", r.YearOnly, r.Unlocated)
}
