package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// refuse answers an operation that is not executed.
func (x exchange) refuse(refused *refusal) {
	status := refused.status

	if status == 0 {
		status = requestStatus(x.w.Header(), x.accept.mediaType, refused.errs)
	}

	x.send(status, x.accept.mediaType, x.refusalOf(x.r.Context(), refused))
}

// refusalBody is the JSON of a response that has errors and no data key.
func refusalBody(response *graphql.Response) json.RawMessage {
	body, err := encode(struct {
		Errors     gqlerror.List  `json:"errors"`
		Extensions map[string]any `json:"extensions,omitempty"`
	}{response.Errors, response.Extensions})
	if err != nil { // extensions are ours
		panic(err)
	}

	return body
}

// write sends the response of an operation that was executed. Persisted tells that its URL will always mean the same document.
func (x exchange) write(response *graphql.Response, persisted bool) {
	if persisted && x.r.Method != http.MethodPost && len(response.Errors) == 0 && x.cached(response.Data) {
		return
	}

	if head, data, tail, ok := pieces(response); ok {
		x.send(http.StatusOK, x.accept.mediaType, head, data, tail)

		return
	}

	body, err := encode(response)
	if err != nil { // only a broken resolver's raw data
		http.Error(x.w, "", http.StatusInternalServerError)

		return
	}

	x.send(http.StatusOK, x.accept.mediaType, body)
}

// cached sets what lets caches keep an answer, and answers with 304 where the client has it already.
//
// The tag is a weak one, of the data and the media type: what may be added to an answer on its way, extensions and compression, changes nothing of what it says.
func (x exchange) cached(data []byte) bool {
	digest := sha256.New()
	digest.Write([]byte(x.accept.mediaType + "\n"))
	digest.Write(data)

	tag := `W/"` + hex.EncodeToString(digest.Sum(nil)[:16]) + `"`

	scope := "public"
	if x.r.Header.Get("Authorization") != "" {
		scope = "private"
	}

	header := x.w.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", scope+", no-cache")

	for offered := range strings.SplitSeq(strings.Join(x.r.Header.Values("If-None-Match"), ","), ",") {
		if offered = strings.TrimSpace(offered); offered == "*" || "W/"+strings.TrimPrefix(offered, "W/") == tag {
			x.vary()
			x.w.WriteHeader(http.StatusNotModified)

			return true
		}
	}

	return false
}

// vary says on which headers an answer depends. Whoever compresses it adds Accept-Encoding: an answer that has it already passes for compressed.
func (x exchange) vary() {
	x.w.Header().Add("Vary", "Accept, Authorization")
}

// send writes an answer. What was not said to be cacheable is not to be stored.
func (x exchange) send(status int, mediaType string, pieces ...[]byte) {
	length := 0
	for _, piece := range pieces {
		length += len(piece)
	}

	header := x.w.Header()
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "no-store")
	}

	x.vary()
	header.Set("Content-Type", mediaType+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(length))
	x.w.WriteHeader(status)

	for _, piece := range pieces {
		_, _ = x.w.Write(piece) //nolint:gosec // JSON, and the content type says so; for HEAD net/http leaves it out
	}
}
