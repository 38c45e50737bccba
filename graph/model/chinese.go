package model

import (
	"time"

	"sidereal/atlas"
	"sidereal/chart"
)

// ChineseZodiac is the view of a birth's Chinese year, by both of its beginnings.
type ChineseZodiac struct{ chart *chart.Chart }

// ChineseZodiac returns the Chinese year.
func (c *Chart) ChineseZodiac() ChineseZodiac { return ChineseZodiac{c.Chart} }

// Solar returns the year that turns at Lichun.
func (z ChineseZodiac) Solar() ChineseSolarYear { return ChineseSolarYear{z.chart.ChineseSolarYear()} }

// Lunar returns the year that turns at the lunar New Year.
func (z ChineseZodiac) Lunar() ChineseLunarYear { return ChineseLunarYear{z.chart.ChineseLunarYear()} }

// ChineseSolarYear is the view of a year from Lichun to Lichun.
type ChineseSolarYear struct{ solar chart.ChineseSolarYear }

// Year returns the year.
func (y ChineseSolarYear) Year() ChineseYear { return ChineseYear{y.solar.Year} }

// Begins returns when it begins, nil beyond the ephemeris.
func (y ChineseSolarYear) Begins() *time.Time { return instant(y.solar.Begins) }

// Ends returns when the next one begins, nil beyond the ephemeris.
func (y ChineseSolarYear) Ends() *time.Time { return instant(y.solar.Ends) }

// ChangesAt returns when the year turned within an uncertain day, nil in any other.
func (y ChineseSolarYear) ChangesAt() *time.Time { return instant(y.solar.ChangesAt) }

// Alternative returns the year on the other side of that change.
func (y ChineseSolarYear) Alternative() *ChineseYear {
	return known(ChineseYear{y.solar.Otherwise}, y.solar.Uncertain())
}

// ChineseLunarYear is the view of a year from New Year to New Year.
type ChineseLunarYear struct{ lunar chart.ChineseLunarYear }

// Year returns the year.
func (y ChineseLunarYear) Year() ChineseYear { return ChineseYear{y.lunar.Year} }

// NewYear returns its first day.
func (y ChineseLunarYear) NewYear() atlas.Date { return y.lunar.NewYear }

// NextNewYear returns the first day of the next year.
func (y ChineseLunarYear) NextNewYear() atlas.Date { return y.lunar.Next }

// ChineseYear is the view of a year of the cycle of sixty.
type ChineseYear struct{ chart.ChineseYear }

// Year returns the Gregorian year that it begins in.
func (y ChineseYear) Year() int { return int(y.ChineseYear) }

// Name returns the English name.
func (y ChineseYear) Name() string { return y.String() }
