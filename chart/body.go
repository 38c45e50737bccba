package chart

import "sidereal/ephemeris"

// Body is a body or point of a chart.
type Body uint8

// The bodies and points, in the order of the answers.
const (
	Sun Body = iota
	Moon
	Mercury
	Venus
	Mars
	Jupiter
	Saturn
	Uranus
	Neptune
	Pluto
	Chiron
	Ceres
	Pallas
	Juno
	Vesta
	MeanNode
	TrueNode
	SouthNode // opposite the true node
	MeanLilith
	OsculatingLilith
	PartOfFortune
	BodyCount = iota
)

var bodyNames = [BodyCount]string{
	"Sun", "Moon", "Mercury", "Venus", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto", "Chiron", "Ceres", "Pallas", "Juno", "Vesta",
	"Mean Node", "True Node", "South Node", "Mean Lilith", "Osculating Lilith", "Part of Fortune",
}

// String returns the body's English name.
func (b Body) String() string { return bodyNames[b] }

// mainBodies are the bodies that aspects and patterns are taken from.
var mainBodies = [...]Body{Sun, Moon, Mercury, Venus, Mars, Jupiter, Saturn, Uranus, Neptune, Pluto, Chiron, TrueNode}

// luminary says whether aspects of the body have the wider orbs.
func (b Body) luminary() bool { return b == Sun || b == Moon }

// observed are the bodies that the ephemeris knows, under its own names.
var observed = [...]struct {
	body   Body
	source ephemeris.Body
}{
	{Sun, ephemeris.Sun},
	{Moon, ephemeris.Moon},
	{Mercury, ephemeris.Mercury},
	{Venus, ephemeris.Venus},
	{Mars, ephemeris.Mars},
	{Jupiter, ephemeris.Jupiter},
	{Saturn, ephemeris.Saturn},
	{Uranus, ephemeris.Uranus},
	{Neptune, ephemeris.Neptune},
	{Pluto, ephemeris.Pluto},
	{Chiron, ephemeris.Chiron},
	{Ceres, ephemeris.Ceres},
	{Pallas, ephemeris.Pallas},
	{Juno, ephemeris.Juno},
	{Vesta, ephemeris.Vesta},
	{MeanNode, ephemeris.MeanNode},
	{TrueNode, ephemeris.TrueNode},
	{MeanLilith, ephemeris.MeanLilith},
	{OsculatingLilith, ephemeris.OsculatingLilith},
}
