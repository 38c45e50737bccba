package model

import (
	"sidereal/chart"
	"sidereal/chart/wheel"
)

// Wheel draws the chart.
func (c *Chart) Wheel(theme wheel.Theme, size int, zodiac chart.Zodiac, system chart.HouseSystem, title *string) (string, error) {
	picture, err := wheel.Draw(c.Chart, wheelOptions(theme, size, zodiac, system, title))

	return string(picture), err
}

// WheelAround draws the chart with another around it.
func (c *Chart) WheelAround(outer *chart.Chart, theme wheel.Theme, size int, zodiac chart.Zodiac, system chart.HouseSystem, title *string) (string, error) {
	picture, err := wheel.DrawPair(c.Chart, outer, wheelOptions(theme, size, zodiac, system, title))

	return string(picture), err
}

func wheelOptions(theme wheel.Theme, size int, zodiac chart.Zodiac, system chart.HouseSystem, title *string) wheel.Options {
	options := wheel.Options{Theme: theme, Size: size, Zodiac: zodiac, System: system}
	if title != nil {
		options.Title = *title
	}

	return options
}
