package people

import (
	"sidereal/atlas"
	"sidereal/chart"
)

func (s *signature) addCounts(c *chart.Chart) {
	s.lifePath = lifePathOf(atlas.DateOf(c.Birth.Local()))
}

func lifePathOf(atlas.Date) uint8 { return 0 }
func lifePathName(int) string     { return "" }
func animalName(int) string       { return "" }
func elementName(int) string      { return "" }
