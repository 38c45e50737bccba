package model

import (
	"time"

	"sidereal/account"
	"sidereal/graph/relay"
)

// APIKeyType is the name of the type ApiKey in global ids.
const APIKeyType = "ApiKey"

// APIKeyCursor names the list of API keys in cursors.
const APIKeyCursor = "k1"

// APIKey is the view of an API key.
type APIKey struct{ account.Key }

// ID returns the global id.
func (k *APIKey) ID() string { return relay.GlobalID(APIKeyType, k.Key.ID) }

// Scopes returns what the key may do, one by one.
func (k *APIKey) Scopes() []account.Scopes {
	var scopes []account.Scopes

	for _, scope := range []account.Scopes{account.ScopeRead, account.ScopeWrite, account.ScopeAdmin} {
		if k.Key.Scopes&scope != 0 {
			scopes = append(scopes, scope)
		}
	}

	return scopes
}

// ExpiresAt returns when the key ends, nil for never.
func (k *APIKey) ExpiresAt() *time.Time { return unlessZero(k.Key.ExpiresAt) }

// LastUsedAt returns about when the key was used last, nil when it never was.
func (k *APIKey) LastUsedAt() *time.Time { return unlessZero(k.UsedAt) }

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}

	return &t
}

// APIKeyConnection is a page of API keys.
type APIKeyConnection struct {
	Edges      []APIKeyEdge
	PageInfo   relay.PageInfo
	TotalCount int
}

// APIKeyEdge is an API key in a list.
type APIKeyEdge struct {
	Cursor string
	Node   *APIKey
}

// NewAPIKeyConnection returns the connection of at most limit of all keys of an account, newest first, behind the id after, which is empty for the start.
func NewAPIKeyConnection(all []account.Key, after string, limit int) *APIKeyConnection {
	connection := &APIKeyConnection{TotalCount: len(all)}

	var cursors []string

	more := false

	for _, k := range all {
		switch {
		case after != "" && k.ID >= after: // ids are ordered by time
		case len(cursors) == limit:
			more = true
		default:
			cursors = append(cursors, relay.IDCursor(APIKeyCursor, k.ID))
			connection.Edges = append(connection.Edges, APIKeyEdge{Cursor: cursors[len(cursors)-1], Node: &APIKey{k}})
		}
	}

	connection.PageInfo = relay.NewPageInfo(cursors, false, more, after != "", false)

	return connection
}

// Nodes returns the keys without their cursors.
func (c *APIKeyConnection) Nodes() []*APIKey {
	nodes := make([]*APIKey, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}

	return nodes
}
