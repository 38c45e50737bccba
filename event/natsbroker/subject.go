package natsbroker

import (
	"encoding/base64"
	"slices"
	"strings"

	"sidereal/event"
)

const (
	subjectPrefix = "sidereal.events."
	// plainCharacters are those of an id that is written as it is.
	plainCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
	// longestID is longer than a UUID; of what is longer than that, the hashes of charts, hashDigits make a subject: 4096 of them.
	longestID, hashDigits = 40, 3
	// maxFilters bounds the subjects that one reader asks for. With more of them it asks for events of all types, and leaves out what does not pass.
	maxFilters = 64
)

// subjectOf returns the subject that an event is published under: "sidereal.events.TYPE.SUBJECT.OWNER", such as
// "sidereal.events.user_registered.0198c0de-….0198c0de-…".
func subjectOf(e event.Event) string {
	return subjectPrefix + typeToken(e.Type) + "." + aboutToken(e.Subject) + "." + token(e.Owner)
}

// aboutToken returns what an event is about as one token. The server keeps every subject that it has a message of in memory, so that of hashes, of which there are as many as
// charts, a beginning has to do.
func aboutToken(id string) string {
	if len(id) > longestID {
		id = id[:hashDigits]
	}

	return token(id)
}

// typeToken returns a type as one token: batch_job_started.
func typeToken(t event.Type) string { return token(strings.ReplaceAll(string(t), ".", "_")) }

// token returns an id as one token of a subject. One that is no plain word is written in base64 behind a tilde: a dot would be more levels, and a star everybody.
func token(id string) string {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return !strings.ContainsRune(plainCharacters, r) }) {
		return "~" + base64.RawURLEncoding.EncodeToString([]byte(id))
	}

	return id
}

// subjectsOf returns subjects that cover the events which pass a filter, none of which covers another; nil when no event passes. What they cover besides has to be
// left out by the filter itself.
func subjectsOf(f event.Filter) []string {
	types, about, owners := tokens(f.Types, typeToken), "*", tokens(f.Owners, token)

	switch {
	case f.Everybody:
		owners = []string{"*"}
	case len(f.Owners) == 0:
		return nil
	}

	if f.Subject != "" {
		about = aboutToken(f.Subject)
	}

	if len(types) == 0 || len(types)*len(owners) > maxFilters {
		types = []string{"*"}
	}

	if len(owners) > maxFilters {
		owners = []string{"*"}
	}

	var subjects []string

	for _, t := range types {
		for _, owner := range owners {
			subjects = append(subjects, subjectPrefix+t+"."+about+"."+owner)
		}
	}

	return subjects
}

// tokens returns each value's token once.
func tokens[T ~string](values []T, token func(T) string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = token(v)
	}

	slices.Sort(all)

	return slices.Compact(all)
}
