package chart

// Element is one of the four elements that signs belong to.
type Element uint8

// The elements. MixedElement stands where bodies belong to several.
const (
	Fire Element = iota
	Earth
	Air
	Water
	MixedElement
	ElementCount = int(MixedElement)
)

var elementNames = [ElementCount + 1]string{"fire", "earth", "air", "water", "mixed"}

// String returns the element's English name, or "mixed".
func (e Element) String() string { return elementNames[e] }

// Modality is one of the three modalities (quadruplicities) that signs belong to.
type Modality uint8

// The modalities. MixedModality stands where bodies belong to several.
const (
	Cardinal Modality = iota
	Fixed
	Mutable
	MixedModality
	ModalityCount = int(MixedModality)
)

var modalityNames = [ModalityCount + 1]string{"cardinal", "fixed", "mutable", "mixed"}

// String returns the modality's English name, or "mixed".
func (m Modality) String() string { return modalityNames[m] }

var signElements = [SignCount]Element{Fire, Earth, Air, Water, Fire, Earth, Air, Water, Fire, Fire, Earth, Air, Water}

// Element returns the element that the sign belongs to; Ophiuchus is of fire.
func (s Sign) Element() Element { return signElements[s] }

var signModalities = [SignCount]Modality{
	Cardinal, Fixed, Mutable, Cardinal, Fixed, Mutable, Cardinal, Fixed, Mutable, Mutable, Cardinal, Fixed, Mutable,
}

// Modality returns the modality that the sign belongs to; Ophiuchus is mutable.
func (s Sign) Modality() Modality { return signModalities[s] }
