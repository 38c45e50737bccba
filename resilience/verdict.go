package resilience

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"syscall"
)

// Verdict is what an error says about a dependency, and about another try.
type Verdict int

// The verdicts.
const (
	Failed    Verdict = iota // a failure of the dependency, and another try would not help
	Transient                // a failure that may pass: worth another try
	Answered                 // no failure: the dependency works, and its answer is no
	Neutral                  // says nothing about the dependency, and is not tried again
)

// WithVerdict returns an error that is err with a verdict of its own, which Classify obeys.
func WithVerdict(err error, v Verdict) error { return &judged{error: err, verdict: v} }

type judged struct {
	error

	verdict Verdict
}

func (j *judged) Unwrap() error { return j.error }

// Classify is the judgement of a policy without one of its own. What may pass is a timeout, a connection that was not made or broke, and the statuses 408, 425,
// 429 and 5xx of a *StatusError; its other statuses from 400 on are answers. All else has failed: a certificate that is not accepted, a host that does not exist, an
// answer that makes no sense, and a call that had dependencies of its own and spent their tries: trying again would multiply the two.
func Classify(err error) Verdict {
	if own, ok := errors.AsType[*judged](err); ok && (!isOwn(err) || isOwn(own.error)) { // not the verdict on an error further in
		return own.verdict
	}

	switch {
	case isOwn(err):
		return Failed
	case isTimeout(err):
		return Transient
	}

	if status, ok := errors.AsType[*StatusError](err); ok {
		return ofStatus(status.Status)
	}

	if errors.Is(err, context.Canceled) || isRefusedForGood(err) || !isConnection(err) {
		return Failed
	}

	return Transient
}

func ofStatus(status int) Verdict {
	switch {
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return Transient
	case status >= 400:
		return Answered
	default:
		return Failed
	}
}

// isOwn tells whether err comes from a dependency further in.
func isOwn(err error) bool {
	_, rejected := errors.AsType[*RejectedError](err)
	_, exhausted := errors.AsType[*ExhaustedError](err)

	return rejected || exhausted
}

func isTimeout(err error) bool {
	var timed net.Error

	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timed) && timed.Timeout()
}

// isRefusedForGood tells whether a connection was not made for a reason that stays.
func isRefusedForGood(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}

	host, ok := errors.AsType[*net.DNSError](err)

	return ok && host.IsNotFound
}

// broken are the errors of a connection that come without the type of one.
var broken = []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE}

// isConnection tells whether err is one of a connection. http.Client wraps all that keeps it from an answer in a *url.Error.
func isConnection(err error) bool {
	if request, ok := errors.AsType[*url.Error](err); ok {
		return request.Op != "parse"
	}

	_, network := errors.AsType[*net.OpError](err)
	_, host := errors.AsType[*net.DNSError](err)

	return network || host || slices.ContainsFunc(broken, func(e error) bool { return errors.Is(err, e) })
}

// Describe says in a few words what went wrong, of known words only: an error's own text may hold an address with a key in it, or what somebody wrote.
func Describe(err error) string {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return status.Error()
	}

	if number, ok := errors.AsType[syscall.Errno](err); ok && !isTimeout(err) {
		return number.Error()
	}

	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	host, resolution := errors.AsType[*net.DNSError](err)

	switch {
	case isOwn(err):
		return "a service that it depends on failed"
	case isTimeout(err):
		return "timeout"
	case certificate:
		return "its certificate is not accepted"
	case resolution && host.IsNotFound:
		return "its host does not exist"
	case resolution:
		return "its host could not be looked up"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return "the connection ended early"
	default:
		return fmt.Sprintf("an error of type %T", innermost(err))
	}
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}

		err = inner
	}
}
