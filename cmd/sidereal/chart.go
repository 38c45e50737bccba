package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/wheel"
	"sidereal/fault"
)

func (c commands) chartCommand() *cli.Command {
	return &cli.Command{
		Name:  "chart",
		Usage: "print the chart of a birth; needs no server",
		Description: "Example:\n\n  sidereal chart --date 1990-01-15 --time 10:30 --lat 40.7128 --lon -74.0060 --zone America/New_York\n" +
			"  sidereal chart --date 1990-01-15 --time 10:30 --place \"New York\"\n\n" +
			"The place is given by its name, or by --lat and --lon: then the zone is looked up when --zone is left out.\n" +
			"Without --time the birth time is unknown: no houses, no angles, and each body with the longitudes that the day allows.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "date", Usage: "local date of birth, 1990-01-15", Required: true},
			&cli.StringFlag{Name: "time", Usage: "local time of birth, 10:30 or 10:30:00; left out when unknown"},
			&cli.StringFlag{Name: "place", Usage: "name of the place, \"São Paulo\" or \"Cambridge, Massachusetts\"; see sidereal places"},
			&cli.FloatFlag{Name: "lat", Usage: "latitude in degrees, north positive"},
			&cli.FloatFlag{Name: "lon", Usage: "longitude in degrees, east positive"},
			&cli.StringFlag{Name: "zone", Usage: "IANA time zone, America/New_York; that of the nearest place when left out"},
			&cli.StringFlag{Name: "disambiguation", Usage: "for a local time that clocks showed twice or never: " + choices(disambiguations), Value: "reject"},
			&cli.StringFlag{Name: "zodiac", Usage: choices(zodiacs), Value: "tropical"},
			&cli.StringFlag{Name: "houses", Usage: choices(houseSystems), Value: "placidus"},
			&cli.BoolFlag{Name: "json", Usage: "as JSON"},
			&cli.BoolFlag{Name: "glyphs", Usage: "with the signs of bodies, zodiac and aspects beside their names"},
			&cli.BoolFlag{Name: "ascii", Usage: "in plain ASCII"},
			&cli.StringFlag{Name: "wheel", Usage: "write the wheel to `FILE`, which ends in .svg or .png"},
			&cli.StringFlag{Name: "theme", Usage: "of the wheel: " + choices(themes), Value: "light"},
			&cli.IntFlag{Name: "size", Usage: fmt.Sprintf("of the wheel in pixels, %d to %d", wheel.MinSize, wheel.MaxSize), Value: wheel.DefaultSize},
		},
		Action: c.orUnknown(c.chart),
	}
}

// named is a choice on the command line.
type named[T any] struct {
	name  string
	value T
}

var (
	disambiguations = []named[chart.Disambiguation]{{"reject", chart.Reject}, {"earlier", chart.Earlier}, {"later", chart.Later}}
	zodiacs         = namesOf[chart.Zodiac](chart.ZodiacCount)
	houseSystems    = namesOf[chart.HouseSystem](chart.HouseSystemCount)
	themes          = namesOf[wheel.Theme](wheel.ThemeCount)
)

// namesOf returns the values of an enumeration under their names in lower case with dashes.
func namesOf[T interface {
	~uint8
	String() string
}](count int,
) []named[T] {
	all := make([]named[T], count)
	for i := range all {
		all[i] = named[T]{strings.ReplaceAll(strings.ToLower(T(i).String()), " ", "-"), T(i)}
	}

	return all
}

func choices[T any](all []named[T]) string {
	names := make([]string, len(all))
	for i, n := range all {
		names[i] = n.name
	}

	return strings.Join(names, ", ")
}

func choose[T any](flag, name string, all []named[T]) (T, error) {
	for _, n := range all {
		if n.name == name {
			return n.value, nil
		}
	}

	var none T

	return none, fmt.Errorf("%w: --%s must be one of %s", errUsage, flag, choices(all))
}

func (c commands) chart(ctx context.Context, cmd *cli.Command) error {
	zodiac, err := choose("zodiac", cmd.String("zodiac"), zodiacs)
	if err != nil {
		return err
	}

	system, err := choose("houses", cmd.String("houses"), houseSystems)
	if err != nil {
		return err
	}

	draw, err := wheelFrom(cmd, zodiac, system)
	if err != nil {
		return err
	}

	cast, err := c.castFrom(ctx, cmd)
	if err != nil {
		return err
	}

	if err := draw(cast); err != nil {
		return err
	}

	shown := newChartView(cast, zodiac, system)

	if cmd.Bool("json") {
		encoder := json.NewEncoder(c.stdout)
		encoder.SetIndent("", "  ")

		return encoder.Encode(shown)
	}

	look := c.look()
	look.glyphs, look.ascii = cmd.Bool("glyphs"), cmd.Bool("ascii")

	_, err = fmt.Fprint(c.stdout, shown.table(look))

	return err
}

// castFrom casts the chart of the birth that the flags give. Its faults name the flag.
func (c commands) castFrom(ctx context.Context, cmd *cli.Command) (*chart.Chart, error) {
	in, err := placeFrom(cmd)
	if err != nil {
		return nil, err
	}

	if in.Date, err = atlas.ParseDate(cmd.String("date")); err != nil {
		return nil, fault.Invalid("--date", "%s", err)
	}

	if text := cmd.String("time"); text != "" {
		clock, err := atlas.ParseClock(text)
		if err != nil {
			return nil, fault.Invalid("--time", "%s", err)
		}

		in.Clock = &clock
	}

	if in.Disambiguation, err = choose("disambiguation", cmd.String("disambiguation"), disambiguations); err != nil {
		return nil, err
	}

	caster, zones, err := openCaster()
	if err != nil {
		return nil, err
	}

	birth, err := c.birth(ctx, in, zones)
	if err != nil {
		return nil, byFlag(err)
	}

	return caster.Cast(birth)
}

// chartView is a chart as the command line shows it.
type chartView struct {
	Hash      chart.Hash     `json:"hash"`
	Local     string         `json:"local"`
	Instant   time.Time      `json:"instant"`
	TimeKnown bool           `json:"timeKnown"`
	TimeZone  string         `json:"timeZone"`
	UTCOffset string         `json:"utcOffset"`
	Latitude  float64        `json:"latitude"`
	Longitude float64        `json:"longitude"`
	Zodiac    string         `json:"zodiac"`
	Positions []positionView `json:"positions"`
	Angles    []degreeView   `json:"angles,omitempty"`
	Houses    *housesView    `json:"houses,omitempty"`
	Aspects   []aspectView   `json:"aspects"`
}

type degreeView struct {
	Name      string  `json:"name"`
	Longitude float64 `json:"longitude"`
	Formatted string  `json:"formatted"`
	sign      chart.Sign
}

type positionView struct {
	degreeView

	Latitude    float64      `json:"latitude"`
	Speed       float64      `json:"speed"`
	Declination float64      `json:"declination"`
	Retrograde  bool         `json:"retrograde"`
	House       int          `json:"house,omitempty"`
	Range       *chart.Range `json:"longitudeRange,omitempty"`
	body        chart.Body
}

type housesView struct {
	System         string       `json:"system"`
	FallbackReason string       `json:"fallbackReason,omitempty"`
	Cusps          []degreeView `json:"cusps"`
}

type aspectView struct {
	First    string  `json:"first"`
	Kind     string  `json:"kind"`
	Second   string  `json:"second"`
	Orb      float64 `json:"orb"`
	Strength float64 `json:"strength"`
	Applying bool    `json:"applying"`
	aspect   chart.Aspect
}

func newChartView(c *chart.Chart, zodiac chart.Zodiac, system chart.HouseSystem) chartView {
	local := c.Birth.Local()
	v := chartView{
		Hash: c.Hash, Local: local.Format("2006-01-02 15:04:05"), Instant: c.Birth.Instant, TimeKnown: c.Birth.TimeKnown,
		TimeZone: c.Birth.Zone, UTCOffset: local.Format("-07:00"), Latitude: c.Birth.Latitude, Longitude: c.Birth.Longitude, Zodiac: zodiac.String(),
	}

	for _, p := range c.Positions(zodiac) {
		v.Positions = append(v.Positions, positionView{
			degreeView: newDegreeView(p.Body.String(), p.Degree), Latitude: p.Latitude, Speed: p.Speed, Declination: p.Declination,
			Retrograde: p.Retrograde(), House: p.House(system), Range: p.Range, body: p.Body,
		})
	}

	if a := c.Angles(zodiac); a != nil {
		v.Angles = []degreeView{
			newDegreeView("Ascendant", a.Ascendant), newDegreeView("Midheaven", a.Midheaven), newDegreeView("Descendant", a.Descendant),
			newDegreeView("Imum Coeli", a.ImumCoeli), newDegreeView("Vertex", a.Vertex), newDegreeView("East Point", a.EastPoint),
		}
	}

	if h := c.Houses(system, zodiac); h != nil {
		v.Houses = &housesView{System: h.System.String(), FallbackReason: h.FallbackReason}
		for i, cusp := range h.Cusps {
			v.Houses.Cusps = append(v.Houses.Cusps, newDegreeView(fmt.Sprint(i+1), cusp))
		}
	}

	for _, a := range c.Aspects(chart.StandardOrbs()) {
		v.Aspects = append(v.Aspects, aspectView{a.First.String(), a.Kind.String(), a.Second.String(), a.Orb, a.Strength, a.Applying, a})
	}

	return v
}

func newDegreeView(name string, d chart.Degree) degreeView {
	return degreeView{Name: name, Longitude: d.Longitude, Formatted: d.Formatted(), sign: d.Sign}
}
