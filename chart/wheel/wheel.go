// Package wheel draws charts as astrologers print them: a wheel of signs, houses, bodies and aspects, for one chart or for two. The picture is
// the same in every program that shows it, since it consists of plain paths only.
package wheel

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"sidereal/chart"
	"sidereal/fault"
)

// The sizes of a wheel, in pixels of its width and height.
const (
	MinSize     = 200
	MaxSize     = 4000
	DefaultSize = 800 // what callers should offer
)

// maxTitle is how many characters a title may have.
const maxTitle = 200

// Options say how a wheel looks. Size must be set; the zero values of the others are the light theme, the tropical zodiac and Placidus houses.
type Options struct {
	Theme  Theme
	Size   int // pixels, MinSize to MaxSize; below 400 and 700 the wheel shows less, so that what it shows can be read
	Zodiac chart.Zodiac
	System chart.HouseSystem
	Title  string       // read by screen readers; empty for date, time and place of the birth
	Bodies []chart.Body // what is drawn; nil for the usual ones, without asteroids and doubled points
	Orbs   *chart.Orbs  // of the aspects; nil for the usual ones, which are halved between two charts
}

// usualBodies are what a wheel shows when nobody says otherwise.
var usualBodies = []chart.Body{
	chart.Sun, chart.Moon, chart.Mercury, chart.Venus, chart.Mars, chart.Jupiter, chart.Saturn, chart.Uranus, chart.Neptune, chart.Pluto,
	chart.Chiron, chart.TrueNode, chart.SouthNode, chart.MeanLilith, chart.PartOfFortune,
}

// Picture is a wheel that can be written in several forms. It is immutable.
type Picture struct {
	scene                  scene
	size                   int
	id, title, description string
}

// Draw returns the wheel of a chart as an SVG. A size or title that cannot be is a VALIDATION_FAILED fault of the field "size" or "title".
func Draw(c *chart.Chart, opts Options) ([]byte, error) {
	p, err := Compose(c, opts)
	if err != nil {
		return nil, err
	}

	return p.SVG(), nil
}

// DrawPair returns a wheel of two charts as an SVG: inside the one whose houses count, outside the bodies of the other, and in the middle the
// aspects from one to the other. Its faults are those of Draw.
func DrawPair(inner, outer *chart.Chart, opts Options) ([]byte, error) {
	p, err := ComposePair(inner, outer, opts)
	if err != nil {
		return nil, err
	}

	return p.SVG(), nil
}

// Compose lays out the wheel of a chart; its faults are those of Draw.
func Compose(c *chart.Chart, opts Options) (*Picture, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}

	d := newDrawing(c, opts, layoutOf(opts.Size, false))
	orbs := chart.StandardOrbs()

	if opts.Orbs != nil {
		orbs = *opts.Orbs
	}

	d.wheel(c, nil, d.aspectsOf(c, orbs))

	return d.picture("wheel-"+idOf(c), titleOf(c, opts), describe(c, opts)), nil
}

// ComposePair lays out the wheel of two charts; its faults are those of Draw.
func ComposePair(inner, outer *chart.Chart, opts Options) (*Picture, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}

	d := newDrawing(inner, opts, layoutOf(opts.Size, true))
	orbs := chart.OrbsTight.Orbs()

	if opts.Orbs != nil {
		orbs = *opts.Orbs
	}

	d.wheel(inner, outer, d.aspectsBetween(inner, outer, orbs))

	title := opts.Title
	if title == "" {
		title = titleOf(inner, opts) + ", with " + when(outer) + " around it"
	}

	return d.picture("wheel-"+idOf(inner)+"-"+idOf(outer), title, "Inside: "+describe(inner, opts)+" Outside: "+describe(outer, opts)), nil
}

// SVG returns the picture as an SVG document.
func (p *Picture) SVG() []byte { return p.scene.writeSVG(p.size, p.id, p.title, p.description) }

// WritePNG writes the picture as a PNG image.
func (p *Picture) WritePNG(w io.Writer) error { return p.scene.writePNG(w, p.size) }

func (o *Options) check() error {
	if o.Size < MinSize || o.Size > MaxSize {
		return fault.Invalid("size", "a wheel is %d to %d pixels wide, not %d", MinSize, MaxSize, o.Size)
	}

	if !utf8.ValidString(o.Title) || utf8.RuneCountInString(o.Title) > maxTitle || strings.ContainsFunc(o.Title, unicode.IsControl) {
		return fault.Invalid("title", "a title is at most %d characters, without control characters", maxTitle)
	}

	return nil
}
