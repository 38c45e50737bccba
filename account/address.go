package account

import (
	"context"
	"net/netip"
)

type addressKey struct{}

// WithAddress returns a context of a request that comes from an address: the client's own, not that of a trusted proxy before us.
func WithAddress(ctx context.Context, address netip.Addr) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// AddressFrom returns the address that the request comes from; the zero Addr when there is none, as on the command line.
func AddressFrom(ctx context.Context) netip.Addr {
	address, _ := ctx.Value(addressKey{}).(netip.Addr)

	return address
}
