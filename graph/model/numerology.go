package model

import (
	"sidereal/atlas"
	"sidereal/chart/numerology"
)

// Numerology is the view of the numbers of a date and a name.
type Numerology struct {
	LifePath, DayNumber NumerologyNumber
	Name                *NameNumerology
}

// Numerology returns the numbers of the date of birth and of a name: the given one, or that of the call that the chart answers.
func (c *Chart) Numerology(name *string) (*Numerology, error) {
	date := atlas.DateOf(c.Chart.Birth.Local())
	view := &Numerology{
		LifePath:  NumerologyNumber{numerology.LifePath(date.Year, int(date.Month), date.Day)},
		DayNumber: NumerologyNumber{numerology.DayNumber(date.Day)},
	}

	if name == nil {
		name = given(c.Name)
	}

	if name == nil {
		return view, nil
	}

	numbers, err := numerology.OfName(*name)
	if err != nil {
		return nil, err
	}

	view.Name = &NameNumerology{numbers}

	return view, nil
}

// NumerologyNumber is the view of a reduced number.
type NumerologyNumber struct{ numerology.Number }

// Value returns the number.
func (n NumerologyNumber) Value() int { return int(n.Number) }

// Formatted writes it as numerologists do.
func (n NumerologyNumber) Formatted() string { return n.String() }

// NameNumerology is the view of a name's numbers.
type NameNumerology struct{ numbers numerology.Name }

// Letters returns the letters that were counted, nil when one has no value.
func (n *NameNumerology) Letters() *string { return given(n.numbers.Letters) }

// Expression returns the number of all letters.
func (n *NameNumerology) Expression() NameNumber { return NameNumber{n.numbers.Expression} }

// SoulUrge returns the number of the vowels.
func (n *NameNumerology) SoulUrge() NameNumber { return NameNumber{n.numbers.SoulUrge} }

// Personality returns the number of the consonants.
func (n *NameNumerology) Personality() NameNumber { return NameNumber{n.numbers.Personality} }

// NameNumber is the view of a number of a name.
type NameNumber struct{ numerology.NameNumber }

// Number returns the number, nil when there is none.
func (n NameNumber) Number() *NumerologyNumber {
	return known(NumerologyNumber{n.NameNumber.Number}, n.Known())
}

// Reason returns why there is none, nil when there is one.
func (n NameNumber) Reason() *string { return given(n.NameNumber.Reason) }
