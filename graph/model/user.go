package model

import (
	"sidereal/account"
	"sidereal/graph/relay"
)

// UserType is the name of the type User in global ids.
const UserType = "User"

// UserCursor names the list of users in cursors.
const UserCursor = "u1"

// User is the view of an account.
type User struct{ account.Account }

// ID returns the global id.
func (u *User) ID() string { return relay.GlobalID(UserType, u.Account.ID) }

// Name returns the name for display, nil when none was given.
func (u *User) Name() *string { return orNil(u.Account.Name) }

// UserConnection is a page of accounts.
type UserConnection struct {
	Edges    []UserEdge
	PageInfo relay.PageInfo
}

// UserEdge is an account in a list.
type UserEdge struct {
	Cursor string
	Node   *User
}

// NewUserConnection returns the connection of a page; after says that it starts behind a cursor.
func NewUserConnection(page account.Page, after bool) *UserConnection {
	connection := &UserConnection{Edges: make([]UserEdge, len(page.Accounts))}
	cursors := make([]string, len(page.Accounts))

	for i, a := range page.Accounts {
		cursors[i] = relay.IDCursor(UserCursor, a.ID)
		connection.Edges[i] = UserEdge{Cursor: cursors[i], Node: &User{a}}
	}

	connection.PageInfo = relay.NewPageInfo(cursors, false, page.More, after, false)

	return connection
}

// Nodes returns the accounts without their cursors.
func (c *UserConnection) Nodes() []*User {
	nodes := make([]*User, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}

	return nodes
}
