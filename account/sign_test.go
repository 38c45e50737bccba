package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sidereal/account"
	"sidereal/fault"
)

func TestAddressesAreFoundHoweverTheyAreTyped(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, "  Zoë.Ada+Test@Exämple.ORG ")

	for _, typed := range []string{"zoë.ada+test@exämple.org", "ZOE\u0308.ADA+TEST@EXA\u0308MPLE.org"} {
		if granted, err := k.SignIn(t.Context(), typed, password); err != nil || granted.Account.Email != "zoë.ada+test@exämple.org" {
			t.Errorf("%q: got %+v, %v", typed, granted.Account, err)
		}

		_, err := k.SignUp(t.Context(), account.SignUp{Email: typed, Password: password})
		want(t, "again", err, fault.Conflict, "email")
	}
}

func TestWhatNobodyCanSignUpWith(t *testing.T) {
	k := open(t, account.Config{})

	for name, tt := range map[string]struct{ email, password, name, field string }{
		"no address":                   {"", password, "", "email"},
		"only spaces":                  {" \t", password, "", "email"},
		"no at":                        {"ada.example.org", password, "", "email"},
		"two ats":                      {"ada@b@example.org", password, "", "email"},
		"a name before":                {"Ada <ada@example.org>", password, "", "email"},
		"no domain":                    {"ada@", password, "", "email"},
		"an empty label":               {"ada@example..org", password, "", "email"},
		"a hyphen at the end":          {"ada@example-.org", password, "", "email"},
		"an address literal":           {"ada@[127.0.0.1]", password, "", "email"},
		"a quoted part":                {`"a d a"@example.org`, password, "", "email"},
		"a space inside":               {"a da@example.org", password, "", "email"},
		"a line end":                   {"ada@example.org\nbcc: x", password, "", "email"},
		"a null character":             {"ada\x00@example.org", password, "", "email"},
		"a long local part":            {strings.Repeat("a", 65) + "@example.org", password, "", "email"},
		"a long address":               {"a@" + strings.Repeat("abcdefghi.", 26) + "org", password, "", "email"},
		"a huge address":               {strings.Repeat("a", 1<<20), password, "", "email"},
		"no password":                  {email, "", "", "password"},
		"seven characters":             {email, "aBc4567", "", "password"},
		"seven characters of 3 bytes":  {email, "東京都中央区銀", "", "password"},
		"129 characters":               {email, strings.Repeat("aB3x", 32) + "y", "", "password"},
		"a huge password":              {email, strings.Repeat("aB3x", 1<<18), "", "password"},
		"no valid text":                {email, "correct\xff horse battery", "", "password"},
		"a common one":                 {email, "Passw0rd", "", "password"},
		"a common one, full width":     {email, "ｐａｓｓｗｏｒｄ１", "", "password"},
		"one character":                {email, "aaaaaaaaaaaa", "", "password"},
		"a run":                        {email, "abcdefghijkl", "", "password"},
		"a run down":                   {email, "98765432", "", "password"},
		"a piece over and over":        {email, "abc!abc!abc!", "", "password"},
		"the address":                  {email, " ADA@example.org", "", "password"},
		"what stands before the at":    {"longenough@example.org", "LongEnough", "", "password"},
		"a long name":                  {email, password, strings.Repeat("x", 201), "name"},
		"a name of two lines":          {email, password, "Ada\nLovelace", "name"},
		"a name that is no valid text": {email, password, "Ada\xff", "name"},
	} {
		_, err := k.SignUp(t.Context(), account.SignUp{Email: tt.email, Password: tt.password, Name: tt.name})
		want(t, name, err, fault.ValidationFailed, tt.field)
	}

	if n := k.hasher.hashed.Load(); n != 0 {
		t.Errorf("%d passwords were hashed", n)
	}

	if page, err := k.List(t.Context(), "", "", 10); err != nil || len(page.Accounts) != 0 {
		t.Errorf("want no accounts, got %+v, %v", page, err)
	}
}

func TestPasswordsAtTheBoundsAreGood(t *testing.T) {
	k := open(t, account.Config{})

	for i, good := range []string{"aBc45678", "        x", " leading", strings.Repeat("aB3x", 31) + "wxyz", "東京都中央区銀座", "\U0001F600\U0001F601\U0001F602\U0001F603 abc"} {
		address := fmt.Sprintf("p%d@example.org", i)

		if _, err := k.SignUp(t.Context(), account.SignUp{Email: address, Password: good, Name: strings.Repeat("ü", 200)}); err != nil {
			t.Errorf("%q: %v", good, err)
		}

		if _, err := k.SignIn(t.Context(), address, good); err != nil {
			t.Errorf("%q: sign in: %v", good, err)
		}
	}

	// One and the same password on two keyboards.
	if _, err := k.SignUp(t.Context(), account.SignUp{Email: email, Password: "Ａ\u0308ngstrom ﬁve"}); err != nil {
		t.Fatal(err)
	}

	if _, err := k.SignIn(t.Context(), email, "Ängstrom five"); err != nil {
		t.Errorf("the normalised form: %v", err)
	}
}

// Equal work: exactly one hash is verified whether the address is unknown, the password wrong or right. Equal answers: the faults are the same.
func TestUnknownAddressAndWrongPasswordAreOneAnswer(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)

	var messages []string

	for _, address := range []string{email, "nobody@example.org"} {
		hashed, verified := k.hasher.hashed.Load(), k.hasher.verified.Load()

		_, err := k.SignIn(t.Context(), address, "wrong horse battery")
		f := want(t, address, err, fault.Unauthenticated, "")
		messages = append(messages, f.Error())

		if h, v := k.hasher.hashed.Load()-hashed, k.hasher.verified.Load()-verified; h != 0 || v != 1 {
			t.Errorf("%s: want no hash made and one verified, got %d and %d", address, h, v)
		}
	}

	if messages[0] != messages[1] {
		t.Errorf("the answers differ: %q", messages)
	}
}

func TestAPasswordIsHashedAnewWhenTheParametersGrow(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)
	k.hasher.version.Store(2)

	for range 2 {
		if _, err := k.SignIn(t.Context(), email, password); err != nil {
			t.Fatal(err)
		}
	}

	if found, err := k.store.Credentials(t.Context(), email); err != nil || found.PasswordHash != "2:"+password || k.hasher.hashed.Load() != 2 {
		t.Errorf("want a new hash made once, got %q and %d, %v", found.PasswordHash, k.hasher.hashed.Load(), err)
	}
}

func TestChangingThePassword(t *testing.T) {
	k := open(t, account.Config{})
	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)

	other, err := k.SignIn(t.Context(), email, password)
	if err != nil {
		t.Fatal(err)
	}

	k.as(t, other.AccessToken)

	_, err = k.ChangePassword(t.Context(), password, "another horse")
	want(t, "nobody", err, fault.Unauthenticated, "")
	_, err = k.ChangePassword(ctx, "wrong horse battery", "another horse")
	want(t, "wrong", err, fault.ValidationFailed, "currentPassword")
	_, err = k.ChangePassword(ctx, password, "short")
	want(t, "short", err, fault.ValidationFailed, "newPassword")

	if _, err = k.ChangePassword(ctx, password, "another horse"); err != nil {
		t.Fatal(err)
	}

	_, err = k.Authenticate(t.Context(), other.AccessToken)
	want(t, "the other session", err, fault.Unauthenticated, "")
	_, err = k.Refresh(t.Context(), other.RefreshToken)
	want(t, "the other session's refresh token", err, fault.Unauthenticated, "")
	_, err = k.SignIn(t.Context(), email, password)
	want(t, "the former password", err, fault.Unauthenticated, "")

	k.as(t, granted.AccessToken)

	if _, err = k.SignIn(t.Context(), email, "another horse"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

// A sign-in that verified the former password must not open a session once the password was changed.
func TestASignInThatTheChangeOfPasswordOvertakesIsRefused(t *testing.T) {
	k := open(t, account.Config{})
	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)

	k.hasher.during = func() {
		k.hasher.during = nil

		if _, err := k.ChangePassword(ctx, password, "another horse"); err != nil {
			t.Error(err)
		}
	}

	_, err := k.SignIn(t.Context(), email, password)
	want(t, "overtaken", err, fault.Unauthenticated, "")
}

func TestAFailingDatabaseFailsClosed(t *testing.T) {
	k := open(t, account.Config{})
	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)
	_, secret, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead})

	if err = errors.Join(err, k.database.Close()); err != nil {
		t.Fatal(err)
	}

	fresh := k.node() // remembers nothing

	for name, call := range map[string]func() error{
		"SignUp": func() error {
			_, err := fresh.SignUp(ctx, account.SignUp{Email: "b@example.org", Password: password})
			return err
		},
		"SignIn":       func() error { _, err := fresh.SignIn(ctx, email, password); return err },
		"Refresh":      func() error { _, err := fresh.Refresh(ctx, granted.RefreshToken); return err },
		"SignOut":      func() error { _, err := fresh.SignOut(ctx, true); return err },
		"access token": func() error { _, err := fresh.Authenticate(ctx, granted.AccessToken); return err },
		"API key":      func() error { _, err := fresh.Authenticate(ctx, secret); return err },
		"password":     func() error { _, err := fresh.ChangePassword(ctx, password, "another horse"); return err },
		"CreateKey": func() error {
			_, _, err := fresh.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead})
			return err
		},
		"RevokeKey": func() error { _, err := fresh.RevokeKey(ctx, "x"); return err },
		"SetRole":   func() error { _, err := fresh.SetRole(ctx, granted.Account.ID, account.Admin); return err },
		"List":      func() error { _, err := fresh.List(ctx, "", "", 1); return err },
		"Sweep":     func() error { return fresh.Sweep(ctx) },
	} {
		want(t, name, call(), fault.UpstreamUnavailable, "")
	}
}
