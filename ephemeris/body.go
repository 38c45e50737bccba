package ephemeris

// Body is a body or a point whose place the ephemeris knows.
type Body uint8

// The bodies and points. Nodes and Lilith (the apogee) are those of the Moon's orbit, mean or osculating ("true" for the node).
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
	MeanLilith
	OsculatingLilith
	BodyCount = iota
)

var bodyNames = [BodyCount]string{
	"Sun", "Moon", "Mercury", "Venus", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto", "Chiron", "Ceres", "Pallas", "Juno", "Vesta",
	"Mean Node", "True Node", "Mean Lilith", "Osculating Lilith",
}

// String returns the body's English name.
func (b Body) String() string { return bodyNames[b] }
