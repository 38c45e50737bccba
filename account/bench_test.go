package account_test

import (
	"testing"

	"sidereal/account"
)

// What a request with a bearer token costs beside the verification of the token, which here is a look into a map.
func BenchmarkAuthenticate(b *testing.B) {
	k := open(b, account.Config{})
	granted := k.signUp(b, email)
	ctx := k.as(b, granted.AccessToken)

	_, secret, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead})
	if err != nil {
		b.Fatal(err)
	}

	for name, bearer := range map[string]string{"access token": granted.AccessToken, "API key": secret} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := k.Authenticate(ctx, bearer); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
