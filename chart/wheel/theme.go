package wheel

import "sidereal/chart"

// Theme is a set of colours.
type Theme uint8

// The themes.
const (
	Light Theme = iota
	Dark
	ThemeCount = iota
)

var themeNames = [ThemeCount]string{"light", "dark"}

// String returns the theme's name.
func (t Theme) String() string { return themeNames[t] }

// palette is the colours of a theme. Everything that is read stands out from what is behind it by 4.5 to 1 and every line by 3 to 1 (WCAG 2.2,
// 1.4.3 and 1.4.11).
type palette struct {
	background, ink, muted, rule colour
	guest                        colour               // of the bodies of an outer chart
	panels, signs                [elementCount]colour // behind the glyphs of the signs, and of the glyphs
	tones                        [toneCount]colour    // of the aspects
}

var palettes = [ThemeCount]palette{
	Light: {
		background: 0xffffff, ink: 0x171a26, muted: 0x565e6e, rule: 0x868e9d, guest: 0x0a6870,
		panels: [elementCount]colour{0xfdeeea, 0xecf5e9, 0xfdf5dc, 0xe8f1fc},
		signs:  [elementCount]colour{0xb42318, 0x2f6b1f, 0x855600, 0x1d55a5},
		tones:  [toneCount]colour{0x565e6e, 0xc0262d, 0x1f5fc4, 0x2d7a3e, 0xa84f08, 0x7a3fb0},
	},
	Dark: {
		background: 0x11141b, ink: 0xeef1f6, muted: 0xa6afbe, rule: 0x6f788a, guest: 0x5fd0d0,
		panels: [elementCount]colour{0x2c191a, 0x17261b, 0x2a2415, 0x15233a},
		signs:  [elementCount]colour{0xff8f80, 0x86d48f, 0xf0c453, 0x84b8ff},
		tones:  [toneCount]colour{0xa6afbe, 0xff6b6b, 0x6ea8ff, 0x6fcf85, 0xf5a65b, 0xc79bff},
	},
}

// The elements, which colour the signs.
const (
	fire = iota
	earth
	air
	water
	elementCount = iota
)

var elements = [chart.SignCount]int{fire, earth, air, water, fire, earth, air, water, fire, fire, earth, air, water}

// The tones of the aspects.
const (
	neutral    = iota // conjunctions
	hard              // oppositions and squares
	soft              // trines and sextiles
	adjusting         // multiples of 30 degrees that the others leave
	irritating        // multiples of 45 degrees that the others leave
	creative          // multiples of 72 degrees
	toneCount  = iota
)

// aspectLines are the colour and the dashes of each kind of aspect; no two are alike, and the dashes alone tell the kinds of a tone apart.
var aspectLines = [chart.AspectKindCount]struct {
	tone int
	dash dash
}{
	chart.Conjunction:    {neutral, dash{}},
	chart.Opposition:     {hard, dash{}},
	chart.Square:         {hard, dash{16, 6}},
	chart.Trine:          {soft, dash{}},
	chart.Sextile:        {soft, dash{8, 6}},
	chart.Quincunx:       {adjusting, dash{10, 5, 2, 5}},
	chart.Semisextile:    {adjusting, dash{2, 5}},
	chart.Semisquare:     {irritating, dash{7, 5}},
	chart.Sesquiquadrate: {irritating, dash{3, 5}},
	chart.Quintile:       {creative, dash{12, 4, 2, 4}},
	chart.Biquintile:     {creative, dash{5, 4, 2, 4}},
}
