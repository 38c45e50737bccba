package edge

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Origins are the origins whose pages may ask, beside our own. The zero value is none.
type Origins struct {
	all      bool
	local    bool
	exact    map[string]bool
	patterns []pattern
}

// pattern is https://*.example.org:8443: an origin whose host has at least one more label.
type pattern struct {
	before string // https://
	after  string // .example.org:8443
}

// LocalOrigins are those of pages that this machine serves, on any port: what a front end is developed on.
func LocalOrigins() Origins { return Origins{local: true} }

// ParseOrigins reads a list that is separated by commas: origins as browsers write them (https://app.example.org), patterns whose first label is a star
// (https://*.example.org, which stands for one label or more, and not for example.org itself), or a lone * for every origin. An empty list is none.
func ParseOrigins(list string) (Origins, error) {
	o := Origins{exact: make(map[string]bool)}

	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.ToLower(strings.TrimSpace(entry))

		switch entry {
		case "":
		case "*":
			o.all = true
		default:
			normal, err := normalOrigin(entry)
			if err != nil {
				return Origins{}, err
			}

			if before, after, found := strings.Cut(normal, "*"); found {
				o.patterns = append(o.patterns, pattern{before, after})
			} else {
				o.exact[normal] = true
			}
		}
	}

	return o, nil
}

var errOrigin = errors.New("must be origins such as https://app.example.org or https://*.example.org, separated by commas, or *")

// normalOrigin returns an origin, or a pattern, as browsers write it: without the port that its scheme has anyway.
func normalOrigin(entry string) (string, error) {
	u, err := url.Parse(entry)
	if err != nil || u.Scheme == "" || u.Hostname() == "" || u.Scheme+"://"+u.Host != entry {
		return "", errOrigin
	}

	if stars := strings.Count(u.Host, "*"); stars > 1 || stars == 1 && (!strings.HasPrefix(u.Host, "*.") || strings.Count(u.Hostname(), ".") < 2) {
		return "", fmt.Errorf("%w; a star stands for the first labels of a host, with two or more behind it", errOrigin)
	}

	if port := u.Port(); u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		entry = strings.TrimSuffix(entry, ":"+port)
	}

	return entry, nil
}

// Allow tells whether pages of an origin may ask. The origin null, which belongs to nobody, is allowed only where all are.
func (o Origins) Allow(origin string) bool {
	origin = strings.ToLower(origin)

	if o.all || o.exact[origin] || o.local && isLocal(origin) {
		return true
	}

	for _, p := range o.patterns {
		label, found := strings.CutPrefix(origin, p.before)
		if !found {
			continue
		}

		if label, found = strings.CutSuffix(label, p.after); found && isLabels(label) {
			return true
		}
	}

	return false
}

// AllowRequest tells whether a request may be answered by its origin: one of our own host, one that Allow takes, or none, which is no browser's. Browsers let
// any page open a WebSocket anywhere, so the server has to look.
func (o Origins) AllowRequest(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || o.Allow(origin) {
		return true
	}

	u, err := url.Parse(origin)

	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// isLocal tells whether an origin is of this machine.
func isLocal(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Scheme+"://"+u.Host != origin {
		return false
	}

	host := u.Hostname()
	ip := net.ParseIP(host)

	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// isLabels tells whether a text is what a star may stand for: labels of a host.
func isLabels(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '.' && i > 0 && text[i-1] != '.' && i < len(text)-1:
		default:
			return false
		}
	}

	return text != ""
}
