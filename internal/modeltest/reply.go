package modeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

// chunkRunes is how many characters come at once: odd, so that nothing that matters stays whole.
const chunkRunes = 7

// reply answers one request.
type reply struct {
	w       http.ResponseWriter
	r       *http.Request
	request *Request
	config  Config
	closed  chan struct{} // by the server
}

func (y *reply) give() {
	switch y.request.Behavior {
	case Well, Silent, Slow:
		y.stream(section(y.request.Prompt, honest), -1, "stop")
	case Repairs:
		if y.request.Repair == "" {
			y.stream(section(y.request.Prompt, lying), -1, "stop")
		} else {
			y.stream(section(y.request.Prompt, honest), -1, "stop")
		}
	case Hangs:
		y.hang()
	case HangsMidway, Cuts, Ends, Reports:
		y.half()
	case TooMany:
		y.w.Header().Set("Retry-After-Ms", strconv.FormatInt(y.config.RetryAfter.Milliseconds(), 10))
		y.w.Header().Set("Retry-After", strconv.Itoa(int((y.config.RetryAfter+time.Second-1)/time.Second)))
		y.refuse(http.StatusTooManyRequests)
	case Broken:
		y.refuse(http.StatusInternalServerError)
	case Unauthorized:
		y.refuse(http.StatusUnauthorized)
	case Talks:
		y.stream("I would love to tell you about your chart! It is {full} of surprises.", -1, "stop")
	case Empty:
		y.stream(`{"title": "Nothing", "paragraphs": []}`, -1, "stop")
	case Lies:
		y.stream(section(y.request.Prompt, lying), -1, "stop")
	case Invents:
		y.stream(section(y.request.Prompt, inventing), -1, "stop")
	case Rambles:
		y.stream(section(y.request.Prompt, honest), -1, "length")
	case Refuses:
		y.stream("", -1, "content_filter")
	case Plain:
		y.w.Header().Set("Content-Type", "application/json")
		y.write(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": section(y.request.Prompt, honest)}}}})
	}
}

// refuse answers with an error, which repeats the key, as a thoughtless service would.
func (y *reply) refuse(status int) {
	y.w.Header().Set("Content-Type", "application/json")
	y.w.WriteHeader(status)
	y.write(map[string]any{"error": map[string]any{"message": "not with the key " + y.request.Key, "type": "error"}})
}

// hang waits until the client or the server goes away.
func (y *reply) hang() {
	select {
	case <-y.r.Context().Done():
	case <-y.closed:
	}
}

// half answers with the first half.
func (y *reply) half() {
	text := section(y.request.Prompt, honest)
	y.stream(text, len(text)/2, "")

	if y.request.Behavior == HangsMidway {
		y.hang()
	}

	if y.request.Behavior == Reports {
		y.send(map[string]any{"error": map[string]any{"message": "overloaded; your key is " + y.request.Key, "code": 503}})
	}

	if y.request.Behavior == Cuts {
		panic(http.ErrAbortHandler) // closes the connection
	}
}

// stream sends a text in chunks, up to so many bytes where that is not negative, and then why it ends, where there is a reason.
func (y *reply) stream(text string, most int, finish string) {
	y.w.Header().Set("Content-Type", "text/event-stream")
	y.chunk(map[string]any{"role": "assistant", "content": ""}, nil)

	sent := 0

	for sent < len(text) && (most < 0 || sent < most) {
		next := sent
		for range chunkRunes {
			_, size := utf8.DecodeRuneInString(text[next:])
			next += size
		}

		if y.request.Behavior == Slow && !y.pause() {
			return
		}

		y.chunk(map[string]any{"content": text[sent:next]}, nil)
		sent = next
	}

	if finish == "" {
		return
	}

	y.chunk(map[string]any{}, finish)

	if y.request.Behavior != Silent {
		const charactersPerToken = 4

		prompt, completion := (len(y.request.System)+len(y.request.Prompt))/charactersPerToken, len(text)/charactersPerToken
		y.send(map[string]any{
			"object": "chat.completion.chunk", "choices": []any{},
			"usage": map[string]any{"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
		})
	}

	_, _ = fmt.Fprint(y.w, "data: [DONE]\n\n")
}

// pause waits before the next chunk; false when there is nobody left to send it to.
func (y *reply) pause() bool {
	timer := time.NewTimer(y.config.Delay)
	defer timer.Stop()

	select {
	case <-timer.C:
		return true
	case <-y.r.Context().Done():
	case <-y.closed:
	}

	return false
}

func (y *reply) chunk(delta map[string]any, finish any) {
	y.send(map[string]any{
		"id": "chatcmpl-" + strconv.Itoa(y.request.Number), "object": "chat.completion.chunk", "created": y.request.At.Unix(), "model": y.request.Model,
		"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}},
	})
}

func (y *reply) send(event map[string]any) {
	_, _ = fmt.Fprint(y.w, "data: ")
	y.write(event)
	_, _ = fmt.Fprint(y.w, "\n\n")

	if f, ok := y.w.(http.Flusher); ok {
		f.Flush()
	}
}

func (y *reply) write(object map[string]any) {
	text, err := json.Marshal(object)
	if err != nil {
		panic(err) // of maps and strings: it cannot be
	}

	_, _ = y.w.Write(text)
}
