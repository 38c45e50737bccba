// Package relay holds what Relay's specifications ask of a server: global ids, cursors and pages.
package relay

import (
	"strings"
)

// Node is any object with a global id. It is empty so that domain types need no marker method.
type Node any

// GlobalID returns the opaque id of an object: its GraphQL type and the key that the type is loaded by.
func GlobalID(typeName, key string) string {
	return opaque(typeName + ":" + key)
}

// ParseGlobalID returns the type and the key of a global id; false when it is not one.
func ParseGlobalID(id string) (typeName, key string, ok bool) {
	const maxID = 512 // characters; ours are far shorter

	raw, ok := readOpaque(id, maxID)
	if !ok {
		return "", "", false
	}

	typeName, key, ok = strings.Cut(raw, ":")

	return typeName, key, ok && typeName != "" && key != ""
}
