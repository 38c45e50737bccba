package graph

import (
	"context"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"sidereal/account"
	"sidereal/fault"
)

// Each viewer asks for each kind of field. API keys have what their owner may and their scopes allow, so both are written out.
func TestAFieldIsResolvedForThoseWhoMay(t *testing.T) {
	const (
		yes  = fault.Code("")
		who  = fault.Unauthenticated
		no   = fault.Forbidden
		read = account.ScopeRead
	)

	key := func(role account.Role, scopes account.Scopes) *account.Viewer {
		return &account.Viewer{Subject: "x", Role: role, Key: "k", Scopes: scopes}
	}
	session := func(role account.Role) *account.Viewer {
		return &account.Viewer{Subject: "x", Role: role, Session: "s"}
	}

	fields := []struct {
		object  string
		role    account.Role
		session bool
	}{
		{"Query", account.User, false},
		{"Subscription", account.User, false},
		{"Chart", account.User, false},
		{"Mutation", account.User, false},
		{"Query", account.Admin, false},
		{"Mutation", account.Admin, false},
		{"Query", account.User, true},
		{"Mutation", account.Admin, true},
	}

	for _, test := range []struct {
		name   string
		viewer *account.Viewer
		want   [8]fault.Code // of the fields, in their order
	}{
		{"nobody", nil, [8]fault.Code{who, who, who, who, who, who, who, who}},
		{"a user", session(account.User), [8]fault.Code{yes, yes, yes, yes, no, no, yes, no}},
		{"an administrator", session(account.Admin), [8]fault.Code{yes, yes, yes, yes, yes, yes, yes, yes}},
		{"a key without scopes", key(account.Admin, 0), [8]fault.Code{no, no, no, no, no, no, no, no}},
		{"a key that reads", key(account.User, read), [8]fault.Code{yes, yes, yes, no, no, no, no, no}},
		{"a key that writes", key(account.User, account.ScopeWrite), [8]fault.Code{no, no, no, yes, no, no, no, no}},
		{"a key of a user that would rule", key(account.User, read|account.ScopeWrite|account.ScopeAdmin), [8]fault.Code{yes, yes, yes, yes, no, no, no, no}},
		{"a key of an administrator that only reads", key(account.Admin, read), [8]fault.Code{yes, yes, yes, no, no, no, no, no}},
		{"a key that rules but does not write", key(account.Admin, read|account.ScopeAdmin), [8]fault.Code{yes, yes, yes, no, yes, no, no, no}},
		{"a key that rules and does not read", key(account.Admin, account.ScopeWrite|account.ScopeAdmin), [8]fault.Code{no, no, no, yes, no, yes, no, no}},
		{"a key that may everything", key(account.Admin, read|account.ScopeWrite|account.ScopeAdmin), [8]fault.Code{yes, yes, yes, yes, yes, yes, no, no}},
	} {
		for i, field := range fields {
			t.Run(fmt.Sprintf("%s, %s for %s, session %t", test.name, field.object, field.role, field.session), func(t *testing.T) {
				ctx := graphql.WithFieldContext(t.Context(), &graphql.FieldContext{Object: field.object})
				if test.viewer != nil {
					ctx = account.WithViewer(ctx, *test.viewer)
				}

				resolved := false

				got, err := auth(ctx, nil, func(context.Context) (any, error) {
					resolved = true

					return "the field", nil
				}, field.role, field.session)

				if want := test.want[i]; want == yes && (err != nil || got != "the field") || want != yes && (err == nil || fault.CodeOf(err) != want || got != nil) {
					t.Errorf("want %q, got %v, %v", want, got, err)
				}

				if resolved != (test.want[i] == yes) {
					t.Errorf("the resolver ran: %t", resolved)
				}
			})
		}
	}
}
