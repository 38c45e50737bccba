package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"sidereal/atlas"
	"sidereal/atlas/gazetteer"
	"sidereal/atlas/places"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/resilience"
)

// placeFrom returns a birth with only its place set, as the flags give it: --place, or --lat and --lon with or without --zone.
func placeFrom(cmd *cli.Command) (chart.Input, error) {
	byName, byCoordinates := cmd.IsSet("place"), cmd.IsSet("lat") || cmd.IsSet("lon")

	switch {
	case byName && (byCoordinates || cmd.IsSet("zone")):
		return chart.Input{}, fmt.Errorf("%w: give --place, or --lat and --lon, not both", errUsage)
	case byName:
		return chart.Input{Sought: chart.Sought{By: chart.SoughtByName, Text: cmd.String("place")}}, nil
	case !cmd.IsSet("lat") || !cmd.IsSet("lon"):
		return chart.Input{}, fmt.Errorf("%w: give --place, or --lat and --lon", errUsage)
	}

	return chart.Input{Latitude: cmd.Float("lat"), Longitude: cmd.Float("lon"), Zone: cmd.String("zone")}, nil
}

// birth finds the place of a birth and resolves it. What else the place could be goes to the terminal.
func (c commands) birth(ctx context.Context, in chart.Input, zones *atlas.Zones) (chart.Birth, error) {
	cfg, err := readConfig(c.environment)
	if err != nil {
		return chart.Birth{}, err
	}

	finder, err := placeFinder(cfg, resilience.New(resilience.Config{}))
	if err != nil {
		return chart.Birth{}, err
	}

	if in, err = in.Placed(ctx, finder); err != nil {
		return chart.Birth{}, err
	}

	if in.PlaceNote != "" {
		_, _ = fmt.Fprintf(c.stderr, "note: %s\n", in.PlaceNote)
	}

	return in.Resolve(zones)
}

// flags are the flags that set the fields of a birth.
var flags = map[string]string{
	"date": "--date", "time": "--time", "place.search": "--place", "place.coordinates.latitude": "--lat", "place.coordinates.longitude": "--lon",
	"place.coordinates.timeZone": "--zone",
}

// byFlag names the flag in a fault of a field of a birth.
func byFlag(err error) error {
	f, ok := fault.As(err)
	if !ok || flags[f.Field] == "" {
		return err
	}

	shown := *f
	shown.Field = flags[f.Field]

	return &shown
}

func (c commands) placesCommand() *cli.Command {
	return &cli.Command{
		Name:      "places",
		Usage:     "search the places that births can be given by",
		ArgsUsage: "SEARCH",
		Description: "Example:\n\n  sidereal places sao pau\n\nAccents, case and some typos are forgiven, names may be unfinished, and a region may follow: Cambridge, UK.\n\n" +
			gazetteer.Attribution + ".",
		Flags:  []cli.Flag{&cli.IntFlag{Name: "first", Usage: fmt.Sprintf("how many at most, 1 to %d", places.MaxFirst), Value: 10}},
		Action: c.places,
	}
}

func (c commands) places(_ context.Context, cmd *cli.Command) error {
	text := strings.Join(cmd.Args().Slice(), " ")
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%w: give the name of a place", errUsage)
	}

	finder, err := places.New(places.Config{})
	if err != nil {
		return err
	}

	matches, err := finder.Search(text, cmd.Int("first"))
	if err != nil {
		return err
	}

	if len(matches) == 0 {
		return fault.Invalid("", "no place is found by %q", text)
	}

	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "PLACE\tPEOPLE\tLATITUDE\tLONGITUDE\tZONE\tGEONAMES")

	for _, m := range matches {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.4f\t%.4f\t%s\t%d\n", places.Label(m.Place), m.Population, m.Latitude, m.Longitude, m.Zone, m.ID)
	}

	return w.Flush()
}
