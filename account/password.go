package account

import (
	"context"
	_ "embed"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sidereal/fault"
)

// Hasher hashes passwords, slowly. It bounds how many are hashed at once: a caller who would wait too long gets a RATE_LIMITED fault with a time to retry after.
type Hasher interface {
	// Hash returns the hash of a password, with its salt and parameters.
	Hash(ctx context.Context, password string) (string, error)
	// Verify tells whether a hash is that of a password, and whether it was made with lesser parameters than today's.
	Verify(ctx context.Context, password, hash string) (match, outdated bool, err error)
	// Decoy returns a hash that no password has, and that takes as long to verify as any.
	Decoy() string
}

// The lengths of passwords, in characters (NIST SP 800-63B, section 5.1.1.2, asks for at least 8 and for 64 to be allowed).
const (
	minPassword = 8
	maxPassword = 128
)

// common is passwords that everybody tries first, of at least minPassword characters; a list of our own, in lower case, one a line.
//
//go:embed common_passwords.txt
var common string

// normalPassword returns a password as it is hashed: in NFKC, since keyboards differ in how they write one and the same character (NIST SP 800-63B,
// section 5.1.1.2). One that is longer than any may be is a VALIDATION_FAILED fault of the field given.
func normalPassword(field, password string) (string, error) {
	if len(password) > maxPassword*utf8.UTFMax || utf8.RuneCountInString(password) > maxPassword {
		return "", fault.Invalid(field, "has at most %d characters", maxPassword)
	}

	if !utf8.ValidString(password) {
		return "", fault.Invalid(field, "must be valid text")
	}

	return norm.NFKC.String(password), nil
}

// newPassword checks a password that somebody chose for the account with that address, and returns it as it is hashed. One that is too short, too long or easily
// guessed is a VALIDATION_FAILED fault of the field given.
func newPassword(field, password, email string) (string, error) {
	normal, err := normalPassword(field, password)
	if err != nil {
		return "", err
	}

	lower := strings.ToLower(normal)
	trimmed := strings.TrimSpace(lower)
	local, _, _ := strings.Cut(email, "@")

	switch {
	case utf8.RuneCountInString(normal) < minPassword:
		return "", fault.Invalid(field, "has at least %d characters", minPassword)
	case trimmed == email, trimmed == local:
		return "", fault.Invalid(field, "must not be the e-mail address")
	case isCommon(trimmed), isMonotonous(lower):
		return "", fault.Invalid(field, "is one of the first that anybody would try; choose another")
	}

	return normal, nil
}

func isCommon(lower string) bool {
	return strings.Contains(common, "\n"+lower+"\n") && !strings.Contains(lower, "\n")
}

// isMonotonous tells whether each character of a password, which has at least minPassword of them, follows from the one before in the same way: aaaaaaaa,
// 12345678, zyxwvuts; or whether it is one piece of at most four characters over and over.
func isMonotonous(lower string) bool {
	runes := []rune(lower)
	steady := true

	for i := 2; i < len(runes); i++ {
		steady = steady && runes[i]-runes[i-1] == runes[1]-runes[0]
	}

	if steady && runes[1]-runes[0] >= -1 && runes[1]-runes[0] <= 1 {
		return true
	}

	for size := 1; size <= 4; size++ {
		piece := string(runes[:size])
		if strings.HasPrefix(strings.Repeat(piece, len(runes)/size+1), lower) {
			return true
		}
	}

	return false
}
