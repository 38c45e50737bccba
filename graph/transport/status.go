package transport

import (
	"net/http"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
)

// requestStatus returns the status of an answer to a well-formed request that was not executed, and says in the header when a retry can help.
func requestStatus(header http.Header, contentType string, errs gqlerror.List) int {
	status := http.StatusBadRequest

	for _, err := range errs {
		f, ok := fault.As(err)
		if !ok || f.Code != fault.RateLimited {
			continue
		}

		status = http.StatusTooManyRequests

		retryAfter(header, f)
	}

	if contentType != responseJSON {
		return http.StatusOK
	}

	return status
}

// retryAfter says when a retry can help, where it can.
func retryAfter(header http.Header, f *fault.Error) {
	if f.RetryAfter > 0 {
		header.Set("Retry-After", strconv.FormatInt(int64((f.RetryAfter+time.Second-1)/time.Second), 10))
	}
}

// noRoom returns the status of an answer to a connection that was not admitted, and says in the header when there may be room.
func noRoom(header http.Header, err error) int {
	f, ok := fault.As(err)
	if ok {
		retryAfter(header, f)
	}

	if ok && f.Code == fault.RateLimited {
		return http.StatusTooManyRequests
	}

	return http.StatusServiceUnavailable
}
