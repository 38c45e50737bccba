package edge

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func proxies(t testing.TB, list string) Proxies {
	t.Helper()

	p, err := ParseProxies(list)
	if err != nil {
		t.Fatal(err)
	}

	return p
}

func TestTheClientIsTheNearestAddressThatIsNoProxy(t *testing.T) {
	const trusted = "10.0.0.0/8, 2001:db8:1::/48, ::ffff:192.168.0.0/112, 203.0.113.9"

	for name, test := range map[string]struct {
		peer string
		told []string // lines of X-Forwarded-For
		want string
	}{
		"a stranger is not believed":         {"198.51.100.1:4711", []string{"192.0.2.1"}, "198.51.100.1"},
		"one proxy":                          {"10.0.0.1:80", []string{"192.0.2.1"}, "192.0.2.1"},
		"a client that makes up a way":       {"10.0.0.1:80", []string{"127.0.0.1, 8.8.8.8, 192.0.2.1"}, "192.0.2.1"},
		"two proxies":                        {"10.0.0.1:80", []string{"8.8.8.8, 192.0.2.1, 10.9.9.9"}, "192.0.2.1"},
		"two lines are one list":             {"10.0.0.1:80", []string{"8.8.8.8, 192.0.2.1", "10.9.9.9"}, "192.0.2.1"},
		"a client inside":                    {"10.0.0.1:80", []string{"10.2.0.1, 10.3.0.1"}, "10.2.0.1"},
		"a proxy that tells nothing":         {"10.0.0.1:80", nil, "10.0.0.1"},
		"garbage ends the way":               {"10.0.0.1:80", []string{"192.0.2.1, unknown, 10.4.0.1"}, "10.4.0.1"},
		"an empty step ends the way":         {"10.0.0.1:80", []string{"192.0.2.1,"}, "10.0.0.1"},
		"a port":                             {"10.0.0.1:80", []string{"192.0.2.1:4711"}, "192.0.2.1"},
		"IPv6":                               {"[2001:db8:1::7]:80", []string{"2001:db8:2::1"}, "2001:db8:2::1"},
		"IPv6 in brackets":                   {"[2001:db8:1::7]:80", []string{"[2001:db8:2::1]"}, "2001:db8:2::1"},
		"IPv6 with a port":                   {"[2001:db8:1::7]:80", []string{"[2001:db8:2::1]:99"}, "2001:db8:2::1"},
		"a zone means nothing here":          {"10.0.0.1:80", []string{"fe80::1%eth0"}, "fe80::1"},
		"IPv4 as IPv6 from a stranger":       {"[::ffff:198.51.100.1]:80", []string{"192.0.2.1"}, "198.51.100.1"},
		"IPv4 as IPv6 from a proxy":          {"[::ffff:10.0.0.1]:80", []string{"::ffff:192.0.2.1"}, "192.0.2.1"},
		"a network that is written as IPv6":  {"192.168.0.7:80", []string{"192.0.2.1"}, "192.0.2.1"},
		"a proxy by its address":             {"203.0.113.9:80", []string{"192.0.2.1"}, "192.0.2.1"},
		"the address beside it":              {"203.0.113.8:80", []string{"192.0.2.1"}, "203.0.113.8"},
		"no address, as over a local socket": {"@", []string{"192.0.2.1"}, "invalid IP"},
		"brackets around IPv4":               {"10.0.0.1:80", []string{"[192.0.2.1]"}, "10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: test.peer, Header: http.Header{"X-Forwarded-For": test.told, "Forwarded": {"for=203.0.113.66"}}}
			if got := proxies(t, trusted).Client(r).String(); got != test.want {
				t.Errorf("want %s, got %s", test.want, got)
			}
		})
	}
}

func TestForwardedIsReadByItsStandard(t *testing.T) {
	for name, test := range map[string]struct {
		told []string
		want string
	}{
		"an address":               {[]string{"for=192.0.2.1"}, "192.0.2.1"},
		"names in any case":        {[]string{"For=192.0.2.1;PROTO=https;By=10.0.0.1;Host=example.org"}, "192.0.2.1"},
		"quoted IPv6":              {[]string{`for="[2001:db8:cafe::17]:4711"`}, "2001:db8:cafe::17"},
		"two steps":                {[]string{"for=8.8.8.8, for=192.0.2.1, for=10.9.9.9"}, "192.0.2.1"},
		"a line each":              {[]string{"for=8.8.8.8", "for=192.0.2.1"}, "192.0.2.1"},
		"a comma in a string":      {[]string{`for=8.8.8.8;host="a, for=10.1.1.1", for=192.0.2.1`}, "192.0.2.1"},
		"an escaped quote":         {[]string{`for=8.8.8.8;host="\", for=10.1.1.1", for=192.0.2.1`}, "192.0.2.1"},
		"an escaped address":       {[]string{`for="192.0\.2.1"`}, "192.0.2.1"},
		"unknown ends the way":     {[]string{"for=192.0.2.1, for=unknown"}, "10.0.0.1"},
		"a made-up name ends it":   {[]string{"for=192.0.2.1, for=_gazonk"}, "10.0.0.1"},
		"no for ends it":           {[]string{"for=192.0.2.1, proto=https"}, "10.0.0.1"},
		"a string that stays open": {[]string{`for="192.0.2.1, for=192.0.2.2`}, "10.0.0.1"},
		"the line before it":       {[]string{`for="`, "for=192.0.2.1"}, "192.0.2.1"},
		"for twice":                {[]string{"for=192.0.2.1;for=192.0.2.2"}, "10.0.0.1"},
		"IPv6 without brackets":    {[]string{`for="2001:db8::1"`}, "10.0.0.1"},
		"space around the equals":  {[]string{"for = 192.0.2.1"}, "10.0.0.1"},
		"an empty value":           {[]string{"for="}, "10.0.0.1"},
		"an empty line":            {[]string{""}, "10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: "10.0.0.1:80", Header: http.Header{"Forwarded": test.told, "X-Forwarded-For": {"203.0.113.66"}}}
			if got := proxies(t, "10.0.0.0/8").WithForwarded().Client(r).String(); got != test.want {
				t.Errorf("want %s, got %s", test.want, got)
			}
		})
	}
}

func TestTheSchemeIsBelievedFromProxiesOnly(t *testing.T) {
	const header, standard = "X-Forwarded-Proto", "Forwarded"

	for name, test := range map[string]struct {
		peer, header, value string
		tls, want           bool
	}{
		"encrypted":                  {"192.0.2.1:1", "", "", true, true},
		"plain":                      {"192.0.2.1:1", "", "", false, false},
		"a stranger's word":          {"192.0.2.1:1", header, "https", false, false},
		"a proxy's word":             {"10.0.0.1:1", header, "https", false, true},
		"a proxy's other word":       {"10.0.0.1:1", header, "http", false, false},
		"the last word counts":       {"10.0.0.1:1", header, "https, http", false, false},
		"a proxy that says nothing":  {"10.0.0.1:1", "", "", false, false},
		"by the standard":            {"10.0.0.1:1", standard, "for=192.0.2.1;proto=HTTPS", false, true},
		"by the standard, last word": {"10.0.0.1:1", standard, "for=192.0.2.1;proto=https, for=10.0.0.3;proto=http", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := proxies(t, "10.0.0.0/8")
			if test.header == standard {
				p = p.WithForwarded()
			}

			r := &http.Request{RemoteAddr: test.peer, Header: http.Header{}}
			if test.header != "" {
				r.Header.Set(test.header, test.value)
			}

			if test.tls {
				r.TLS = new(tls.ConnectionState)
			}

			if got := p.Secure(r); got != test.want {
				t.Errorf("want %t, got %t", test.want, got)
			}
		})
	}
}

func TestListsOfProxiesAreChecked(t *testing.T) {
	for _, list := range []string{"10.0.0.0/33", "proxy.example.org", "10.0.0.1-9", "fe80::1%eth0", "10.0.0.0/8 10.1.0.0/16"} {
		if _, err := ParseProxies(list); err == nil {
			t.Errorf("%q is taken", list)
		}
	}
}

// Whatever stands in the header: no panic, and the client is either one that trusted machines told of in this request, or the peer.
func FuzzParseForwarded(f *testing.F) {
	for _, seed := range []string{`for="[2001:db8::1]:4711";proto=https, for=10.1.2.3`, `for="a\"b", for=_x`, "192.0.2.1, 10.0.0.1", `for=";,=`, "[::1%25]:1", "\x00\xff"} {
		f.Add(seed)
	}

	trusted := proxies(f, "10.0.0.0/8")

	f.Fuzz(func(t *testing.T, line string) {
		for _, p := range []Proxies{trusted, trusted.WithForwarded()} {
			r := &http.Request{RemoteAddr: "10.0.0.1:80", Header: http.Header{"X-Forwarded-For": {line}, "Forwarded": {line}, "X-Forwarded-Proto": {line}}}

			client := p.Client(r)
			if !client.IsValid() || client.Zone() != "" || client.Is4In6() {
				t.Errorf("%q: client %v", line, client)
			}

			if p.Secure(r) && !strings.Contains(strings.ToLower(line), "https") && !strings.Contains(line, `\`) {
				t.Errorf("%q is taken for https", line)
			}

			// What a proxy appends after the client's line decides, whatever that line is.
			own := http.Header{"X-Forwarded-For": {line, "192.0.2.77"}, "Forwarded": {line, "for=192.0.2.77"}}
			if got := p.Client(&http.Request{RemoteAddr: r.RemoteAddr, Header: own}); got != netip.MustParseAddr("192.0.2.77") {
				t.Errorf("%q: want the proxy's word, got %v", line, got)
			}
		}
	})
}
