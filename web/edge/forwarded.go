package edge

import (
	"net/netip"
	"strings"
)

// parseForwarded reads a line of the Forwarded header (RFC 7239, section 4): elements that are separated by commas, each of name=value pairs that are separated
// by semicolons, each value a token or a quoted string. A line that does not read so is one step that tells nothing: where it breaks off, nobody knows
// which part is the nearest proxy's.
func parseForwarded(line string) []hop {
	var (
		hops    []hop
		current hop
		seen    = make(map[string]bool, 4)
		s       = scanner{rest: line}
	)

	for {
		s.space()

		if name := strings.ToLower(s.token()); name != "" {
			value, ok := s.value()
			if !ok || seen[name] { // a name twice in one element: which of them counts?
				return []hop{{}}
			}

			seen[name] = true

			switch name {
			case "for":
				current.address = parseNode(value)
			case "proto":
				current.scheme = value
			}
		}

		s.space()

		switch {
		case s.rest == "":
			return append(hops, current)
		case s.skip(';'):
		case s.skip(','):
			hops, current = append(hops, current), hop{}

			clear(seen)
		default:
			return []hop{{}}
		}
	}
}

// parseNode reads a node identifier (RFC 7239, section 6), whose IPv6 addresses stand in brackets. "unknown" and made-up names (_gazonk) are the zero Addr.
func parseNode(text string) netip.Addr {
	if strings.Count(text, ":") > 1 && !strings.HasPrefix(text, "[") {
		return netip.Addr{}
	}

	return parseAddress(text)
}

// scanner reads a header from its beginning (RFC 9110, section 5.6).
type scanner struct{ rest string }

func (s *scanner) space() { s.rest = strings.TrimLeft(s.rest, " \t") }

func (s *scanner) skip(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}

	s.rest = s.rest[1:]

	return true
}

// token returns what is up to the next character that no token has; it may be empty.
func (s *scanner) token() string {
	end := strings.IndexFunc(s.rest, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	})
	if end < 0 {
		end = len(s.rest)
	}

	token := s.rest[:end]
	s.rest = s.rest[end:]

	return token
}

// value reads "=" and a token or a quoted string.
func (s *scanner) value() (string, bool) {
	if !s.skip('=') {
		return "", false
	}

	if !s.skip('"') {
		token := s.token()

		return token, token != ""
	}

	var b strings.Builder

	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			s.rest = s.rest[i+1:]

			return b.String(), true
		case c == '\\' && i+1 < len(s.rest):
			i++

			b.WriteByte(s.rest[i])
		default:
			b.WriteByte(c)
		}
	}

	return "", false
}
