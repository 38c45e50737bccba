package edge

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the machines before us whose word on a request's origin is believed. The zero value is none.
type Proxies struct {
	networks []netip.Prefix
	standard bool // they send Forwarded (RFC 7239) instead of X-Forwarded-For
}

// WithForwarded returns the proxies as ones that send Forwarded (RFC 7239) instead of X-Forwarded-For and X-Forwarded-Proto. Only one of the two is ever read:
// a proxy passes on the one that it does not know as the client made it up.
func (p Proxies) WithForwarded() Proxies {
	p.standard = true

	return p
}

// ParseProxies reads a list of networks (10.0.0.0/8) and addresses that is separated by commas. An empty list is none.
func ParseProxies(list string) (Proxies, error) {
	var p Proxies

	for entry := range strings.SplitSeq(list, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}

		network, err := netip.ParsePrefix(entry)
		if err != nil {
			address, err := netip.ParseAddr(entry)
			if err != nil || address.Zone() != "" {
				return Proxies{}, errors.New("must be networks such as 10.0.0.0/8, or addresses, separated by commas")
			}

			network = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen())
		}

		if network.Addr().Is4In6() && network.Bits() >= 96 {
			network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-96)
		}

		p.networks = append(p.networks, network.Masked())
	}

	return p, nil
}

// hop is one step of a request's way, as the machine after it tells: where it came from, and how.
type hop struct {
	address netip.Addr // zero when it is not told, or makes no sense
	scheme  string
}

// Client returns the address that a request comes from: the nearest one that is no proxy of ours, walking back from us. It is the zero Addr when the request
// comes over something that has no addresses.
func (p Proxies) Client(r *http.Request) netip.Addr {
	client := parseAddress(r.RemoteAddr)
	if !p.trusts(client) {
		return client
	}

	hops := p.hops(r)

	for i := len(hops) - 1; i >= 0 && hops[i].address.IsValid(); i-- {
		if client = hops[i].address; !p.trusts(client) {
			break
		}
	}

	return client
}

// Secure tells whether the client's request is encrypted: on its way to us, or to the proxy before us.
func (p Proxies) Secure(r *http.Request) bool {
	if r.TLS != nil || len(p.networks) == 0 || !p.trusts(parseAddress(r.RemoteAddr)) {
		return r.TLS != nil
	}

	if p.standard {
		hops := p.hops(r)

		return len(hops) > 0 && strings.EqualFold(hops[len(hops)-1].scheme, "https")
	}

	all := r.Header.Values("X-Forwarded-Proto")
	if len(all) == 0 {
		return false
	}

	last := all[len(all)-1]

	return strings.EqualFold(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]), "https")
}

func (p Proxies) trusts(address netip.Addr) bool {
	for _, network := range p.networks {
		if network.Contains(address) {
			return true
		}
	}

	return false
}

// maxHops is how far back a request's way is followed; longer ones are made up.
const maxHops = 32

// hops returns the way of a request as it is told, the nearest step last.
func (p Proxies) hops(r *http.Request) []hop {
	var hops []hop

	if p.standard {
		for _, line := range r.Header.Values("Forwarded") {
			hops = append(hops, parseForwarded(line)...)
		}
	} else {
		for _, line := range r.Header.Values("X-Forwarded-For") {
			for part := range strings.SplitSeq(line, ",") {
				hops = append(hops, hop{address: parseAddress(part)})
			}
		}
	}

	return hops[max(0, len(hops)-maxHops):]
}

// parseAddress reads an address with or without a port and brackets: 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1], [2001:db8::1]:80. An IPv4 address
// written as IPv6 is the same address, and a zone has no meaning beyond its machine. Anything else is the zero Addr.
func parseAddress(text string) netip.Addr {
	text = strings.TrimSpace(text)

	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone("")
	}

	if inner, found := strings.CutPrefix(text, "["); found {
		if text, found = strings.CutSuffix(inner, "]"); !found || !strings.Contains(text, ":") {
			return netip.Addr{}
		}
	}

	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}

	return address.Unmap().WithZone("")
}
