package account

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sidereal/fault"
)

// Account is somebody who may sign in.
type Account struct {
	ID        string // opaque; ordered by time of creation
	Email     string // as CleanEmail writes it; no two accounts have the same
	Name      string // for display; may be empty
	Role      Role
	CreatedAt time.Time
}

// Credentials are an account and the hash of its password.
type Credentials struct {
	Account

	PasswordHash string
}

// The bounds of what people type (RFC 5321, section 4.5.3.1, for addresses).
const (
	maxEmail     = 254 // bytes
	maxLocalPart = 64  // bytes
	maxName      = 200 // characters
)

// CleanEmail returns an address in the form that accounts are found by: trimmed, NFC, lower case. What is no address is a VALIDATION_FAILED fault of the field
// "email".
//
// Lower case also before the @, though servers may tell cases apart there: none in use does, and people do not type their address the same way each time.
func CleanEmail(text string) (string, error) {
	if len(text) > 4*maxEmail {
		return "", fault.Invalid("email", "has at most %d bytes", maxEmail)
	}

	email := norm.NFC.String(strings.ToLower(norm.NFC.String(strings.TrimSpace(text))))
	local, domain, _ := strings.Cut(email, "@")

	switch parsed, err := mail.ParseAddress(email); {
	case email == "":
		return "", fault.Invalid("email", "must not be empty")
	case len(email) > maxEmail || len(local) > maxLocalPart:
		return "", fault.Invalid("email", "has at most %d bytes, %d of them before the @", maxEmail, maxLocalPart)
	case err != nil, parsed.Address != email, strings.ContainsAny(email, "\"<>()[],;:\\"), strings.ContainsFunc(email, unprintable), !isDomain(domain):
		return "", fault.Invalid("email", "is no e-mail address of the form name@example.org")
	}

	return email, nil
}

// isDomain tells whether labels of letters, digits and inner hyphens make up a domain's name.
func isDomain(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}

		if strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}) {
			return false
		}
	}

	return true
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }

// cleanName returns a display name, trimmed and in NFC. One that is too long, or has line ends or control characters in it, is a VALIDATION_FAILED fault of the
// field given.
func cleanName(field, text string, maxChars int) (string, error) {
	name := strings.TrimSpace(norm.NFC.String(text))

	if utf8.RuneCountInString(name) > maxChars {
		return "", fault.Invalid(field, "has at most %d characters", maxChars)
	}

	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
		return "", fault.Invalid(field, "must be one line without control characters")
	}

	return name, nil
}
