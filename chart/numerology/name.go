package numerology

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"sidereal/fault"
)

// MaxNameLength is how many characters a name may have.
const MaxNameLength = 200

// Name is a name's numbers.
type Name struct {
	// Letters are the Latin letters that were counted, in capitals: those of the name without their marks, or its romanisation. Empty when a
	// letter of the name has no value.
	Letters string

	Expression  NameNumber // all letters
	SoulUrge    NameNumber // the vowels A, E, I, O and U; Y is a consonant everywhere
	Personality NameNumber // the consonants
}

// NameNumber is a number of a name, or the reason why there is none.
type NameNumber struct {
	Number Number // 0 when there is none
	Reason string // a sentence; empty when there is a number
}

// Known says whether there is a number.
func (n NameNumber) Known() bool { return n.Number != 0 }

// OfName returns the numbers of a name, with A to I worth 1 to 9, J to R 1 to 9 and S to Z 1 to 8.
//
// Letters with marks count as their base letter, Greek and Cyrillic ones by the romanisation of passports (see romanise). A name that holds a letter of
// another script has no numbers but a reason: there is no agreed way to count it, and counting the rest would give the number of another name.
// Whatever is no letter does not count.
//
// A name that is empty, longer than MaxNameLength, not UTF-8 or with control characters is a VALIDATION_FAILED fault of the field "name".
func OfName(name string) (Name, error) {
	if err := check(name); err != nil {
		return Name{}, err
	}

	letters, ok := romanise(name)
	if !ok {
		reason := NameNumber{Reason: withoutValue(name)}

		return Name{Expression: reason, SoulUrge: reason, Personality: reason}, nil
	}

	var vowels, consonants int

	for _, letter := range letters {
		value := int(letter-'A')%9 + 1

		switch letter {
		case 'A', 'E', 'I', 'O', 'U':
			vowels += value
		default:
			consonants += value
		}
	}

	return Name{
		Letters:     letters,
		Expression:  numberOf(vowels+consonants, "The name has no letters."),
		SoulUrge:    numberOf(vowels, "The name has none of the vowels A, E, I, O and U."),
		Personality: numberOf(consonants, "The name has no consonants."),
	}, nil
}

func numberOf(sum int, otherwise string) NameNumber {
	if sum == 0 {
		return NameNumber{Reason: otherwise}
	}

	return NameNumber{Number: reduce(sum)}
}

func check(name string) error {
	const field = "name"

	if len(name) > utf8.UTFMax*MaxNameLength || utf8.RuneCountInString(name) > MaxNameLength {
		return fault.Invalid(field, "a name has at most %d characters", MaxNameLength)
	}

	if !utf8.ValidString(name) {
		return fault.Invalid(field, "the name is not valid UTF-8")
	}

	blank := true

	for _, r := range name {
		if unicode.IsControl(r) {
			return fault.Invalid(field, "a name has no control characters such as %U", r)
		}

		blank = blank && unicode.IsSpace(r)
	}

	if blank {
		return fault.Invalid(field, "the name is empty")
	}

	return nil
}

// withoutValue says which is the first letter of a name that cannot be counted.
func withoutValue(name string) string {
	for _, r := range name {
		if _, ok := romanise(string(r)); !ok {
			return fmt.Sprintf("The letter %q (%s) has no value in a numerology of Latin letters: give the name as it is written in them.", r, scriptOf(r))
		}
	}

	return "A mark of the name stands on no letter."
}

// scriptOf returns the name of the script that a letter belongs to.
func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}

	return "no script"
}
