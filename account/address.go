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

// NetworkFrom returns what the address of a request stands for where clients are told apart: the address itself, of IPv6 the /64 that one client has as a rule. False
// when there is no address.
func NetworkFrom(ctx context.Context) (netip.Prefix, bool) {
	address := AddressFrom(ctx).Unmap().WithZone("")

	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}

	network, err := address.Prefix(bits)

	return network, err == nil && address.IsValid()
}

// AddressFrom returns the address that the request comes from; the zero Addr when there is none, as on the command line.
func AddressFrom(ctx context.Context) netip.Addr {
	address, _ := ctx.Value(addressKey{}).(netip.Addr)

	return address
}
