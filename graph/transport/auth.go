package transport

import (
	"context"
	"net/http"
	"strings"

	"sidereal/account"
	"sidereal/fault"
)

// Authenticator returns the viewer that a bearer token stands for, or a fault: UNAUTHENTICATED for a bad token, others when it could not be checked.
type Authenticator func(ctx context.Context, token string) (account.Viewer, error)

// Viewer adds the viewer of an Authorization header to the context. An empty header is nobody, and no error.
func (a Authenticator) Viewer(ctx context.Context, header string) (context.Context, error) {
	if header == "" {
		return ctx, nil
	}

	token, err := bearer(header)
	if err != nil {
		return ctx, err
	}

	viewer, err := a(ctx, token)
	if err != nil {
		return ctx, err
	}

	return account.WithViewer(ctx, viewer), nil
}

// bearer returns the token of an Authorization header.
func bearer(header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", fault.New(fault.Unauthenticated, "the Authorization header must be of the form \"Bearer TOKEN\"")
	}

	return strings.TrimSpace(token), nil
}

// Handler passes requests on with their viewer, and answers those with a bad token with 401.
func (a Authenticator) Handler(next http.Handler, refuse func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := a.viewer(r.Context(), r.Header.Values("Authorization"))
		if err != nil {
			refuse(w, r, err)

			return
		}

		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// viewer is Viewer for all Authorization headers of a request. Two are refused: a proxy before us may have looked at the other one.
func (a Authenticator) viewer(ctx context.Context, headers []string) (context.Context, error) {
	switch len(headers) {
	case 0:
		return ctx, nil
	case 1:
		return a.Viewer(ctx, headers[0])
	default:
		return ctx, fault.New(fault.Unauthenticated, "there must be one Authorization header")
	}
}
