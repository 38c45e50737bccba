package library

import (
	"strconv"
	"strings"

	"sidereal/chart"
)

// slug is how ids write the name of a body, a sign, an angle or a phase.
func slug(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }

// Slug returns how ids write a point.
func Slug(p chart.Point) string { return slug(p.String()) }

// SignSlug returns how ids write a sign.
func SignSlug(s chart.Sign) string { return slug(s.String()) }

// InSign is the text on a main body, the Ascendant or the Midheaven in a sign.
func InSign(p chart.Point, s chart.Sign) ID { return ID(Slug(p) + "-in-" + slug(s.String())) }

// InHouse is the text on a main body in a house, 1 to 12.
func InHouse(b chart.Body, house int) ID {
	return ID(slug(b.String()) + "-in-house-" + strconv.Itoa(house))
}

// Retrograde is the text on a body that goes backwards.
func Retrograde(b chart.Body) ID { return ID(slug(b.String()) + "-retrograde") }

// OnAngle is the text on a body at the Ascendant or the Midheaven.
func OnAngle(b chart.Body, angle chart.Point) ID {
	return ID(slug(b.String()) + "-conjunct-" + Slug(angle))
}

// Tone is what sort of contact an aspect is.
type Tone string

// The tones: conjunctions; trines and sextiles; squares and oppositions; and all lesser kinds.
const (
	Together Tone = "conjunction"
	Flowing  Tone = "flowing"
	Tense    Tone = "tense"
	Minor    Tone = "minor"
)

// ToneOf returns the tone of a kind of aspects.
func ToneOf(kind chart.AspectKind) Tone {
	switch kind {
	case chart.Conjunction:
		return Together
	case chart.Trine, chart.Sextile:
		return Flowing
	case chart.Square, chart.Opposition:
		return Tense
	case chart.Quincunx, chart.Semisextile, chart.Semisquare, chart.Sesquiquadrate, chart.Quintile, chart.Biquintile:
	}

	return Minor
}

// Between is the text on an aspect of two main bodies, in the order of the bodies; one for all pairs where the kind is a lesser one.
func Between(first, second chart.Body, kind chart.AspectKind) ID {
	if tone := ToneOf(kind); tone != Minor {
		return ID(slug(first.String()) + "-" + slug(second.String()) + "-" + string(tone))
	}

	return ID("minor-" + kind.String())
}

// DominantElement is the text on an element with the most bodies.
func DominantElement(e chart.Element) ID { return ID("element-" + e.String() + "-dominant") }

// MissingElement is the text on an element without a body.
func MissingElement(e chart.Element) ID { return ID("element-" + e.String() + "-missing") }

// DominantModality is the text on a modality with the most bodies.
func DominantModality(m chart.Modality) ID { return ID("modality-" + m.String() + "-dominant") }

// DominantBody is the text on the body with the strongest aspects.
func DominantBody(b chart.Body) ID { return ID("planet-" + slug(b.String()) + "-dominant") }

// Phase is the text on a phase of the lunation cycle.
func Phase(p chart.Phase) ID { return ID("phase-" + slug(p.String())) }

// Sect is the text on a birth by day or by night.
func Sect(s chart.Sect) ID { return ID("sect-" + s.String()) }

// GrandSextile is the text on six bodies a sextile apart, a figure that package chart does not list.
const GrandSextile ID = "pattern-grand-sextile"

// Pattern is the text on a figure.
func Pattern(k chart.PatternKind) ID {
	if k == chart.SignStellium || k == chart.HouseStellium {
		return "pattern-stellium"
	}

	return ID("pattern-" + slug(k.String()))
}

// Theme is the text on what planet, sign and house of one kind say together, by the sign that they share; Invitation is what might be done with it.
func Theme(s chart.Sign) ID { return ID("theme-" + slug(s.String())) }

// Invitation is the text on what might be done with a theme.
func Invitation(s chart.Sign) ID { return ID("toward-" + slug(s.String())) }

// Cusp is the text on a house that begins in a sign.
func Cusp(s chart.Sign) ID { return ID("cusp-" + slug(s.String())) }

// RulerIn is the text on a house whose ruler is in another, 1 to 12.
func RulerIn(house int) ID { return ID("ruler-in-house-" + strconv.Itoa(house)) }

// BothElements is the text on two elements that contradict each other, in their order.
func BothElements(a, b chart.Element) ID {
	return ID("both-" + min(a, b).String() + "-" + max(a, b).String())
}

// BothModalities is the text on two modalities that contradict each other.
func BothModalities(a, b chart.Modality) ID {
	return ID("both-" + min(a, b).String() + "-" + max(a, b).String())
}

// BothEased is the text on a body that is helped and tested at once.
func BothEased(b chart.Body) ID { return ID("both-eased-" + slug(b.String())) }

// Passing is the text on a body that makes an aspect to a chart from the moving sky, and Host that on the point it is made to.
func Passing(b chart.Body, tone Tone) ID {
	return ID("passing-" + slug(b.String()) + "-" + string(tone))
}

// Host is the text on a point of a chart that the moving sky touches.
func Host(p chart.Point) ID { return ID("host-" + Slug(p)) }

// Reached is the text on a point that another person's chart touches, and Brought that on what touches it.
func Reached(p chart.Point) ID { return ID("reached-" + Slug(p)) }

// Brought is the text on the body by which another person's chart touches this one.
func Brought(b chart.Body) ID { return ID("brought-" + slug(b.String())) }

// Guest is the text on another person's body in a house, 1 to 12.
func Guest(house int) ID { return ID("guest-in-house-" + strconv.Itoa(house)) }

// Closing is the last word of a reading.
const Closing ID = "closing"
