package account_test

import (
	"testing"

	"sidereal/account"
)

func TestWhatMakesTokensLessGoodIsTold(t *testing.T) {
	var changes []account.Change

	k := open(t, account.Config{Changed: func(c account.Change) { changes = append(changes, c) }})
	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)
	viewer, _ := account.ViewerFrom(ctx)
	other := account.Viewer{Subject: "another", Session: "another"}

	told := func(what string, act func() error) {
		t.Helper()

		changes = nil

		if err := act(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}

		if len(changes) != 1 || !changes[0].Concerns(viewer) || changes[0].Concerns(other) || changes[0].Concerns(account.Viewer{}) {
			t.Errorf("%s: want one change that concerns the viewer and nobody else, got %+v", what, changes)
		}
	}

	key, _, err := k.CreateKey(ctx, account.NewKey{Name: "key", Scopes: account.ScopeRead})
	if err != nil {
		t.Fatal(err)
	}

	if changes != nil {
		t.Errorf("want nothing told of what takes nothing, got %+v", changes)
	}

	told("a role", func() error {
		_, err := k.SetRole(t.Context(), viewer.Subject, account.Admin)

		return err
	})
	told("a key", func() error {
		_, err := k.RevokeKey(ctx, key.ID)

		return err
	})
	told("a password", func() error {
		_, err := k.ChangePassword(ctx, password, "another "+password)

		return err
	})
	told("a refresh token that comes again", func() error {
		if _, err := k.Refresh(t.Context(), granted.RefreshToken); err != nil {
			return err
		}

		if _, err := k.Refresh(t.Context(), granted.RefreshToken); err == nil {
			t.Error("want it refused")
		}

		return nil
	})
	told("a session", func() error {
		_, err := k.SignOut(ctx, true)

		return err
	})
}
