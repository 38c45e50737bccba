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

		if f.RetryAfter > 0 {
			header.Set("Retry-After", strconv.FormatInt(int64((f.RetryAfter+time.Second-1)/time.Second), 10))
		}
	}

	if contentType != responseJSON {
		return http.StatusOK
	}

	return status
}
