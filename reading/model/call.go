package model

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"

	"sidereal/reading"
	"sidereal/resilience"
)

// answer is what a call brought.
type answer struct {
	text    string // JSON, if all is well
	said    string // the text of the sentences in it, as the listener heard it
	finish  string // why the model stopped; empty when it did not
	refusal string // in the model's words; empty when there is none
}

// refused tells whether the model, or the service, would not write this.
func (a *answer) refused() bool { return a.refusal != "" || a.finish == finishFiltered }

// Reasons why a model stopped.
const (
	finishLength   = "length"
	finishFiltered = "content_filter"
)

// maxAnswerBytes is more than any answer of use has; a model that goes on without end is left at that.
const maxAnswerBytes = 256 << 10

// ask has a section written, as often as the dependency's policy allows. All that is used is added to used.
func (m *Model) ask(ctx context.Context, messages []message, listener reading.Listener, used *reading.Usage) (answer, error) {
	return resilience.Do(ctx, m.config.Dependency, func(ctx context.Context) (answer, error) { return m.try(ctx, messages, listener, used) })
}

// try has a section written once.
func (m *Model) try(ctx context.Context, messages []message, listener reading.Listener, used *reading.Usage) (answer, error) {
	if err := listener.Begin(ctx); err != nil {
		return answer{}, &listenerError{err}
	}

	calling, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	silence := time.AfterFunc(m.config.IdleTimeout, func() { cancel(errSilent) })
	defer silence.Stop()

	stream := m.chat.NewStreaming(calling, m.request(messages))
	defer func() { _ = stream.Close() }()

	h := hearing{listener: listener}

	for stream.Next() {
		silence.Stop() // while the listener listens, the stream is not to blame

		if err := h.hear(ctx, stream.Current()); err != nil {
			h.account(m, messages, used)

			return answer{}, &listenerError{err}
		}

		if h.full() {
			break
		}

		silence.Reset(m.config.IdleTimeout)
	}

	h.account(m, messages, used)

	if h.finish == "" && !h.full() {
		return answer{}, streamFailure(calling, stream.Err())
	}

	return answer{text: h.text.String(), said: h.scanner.text(), finish: h.finish, refusal: h.refusal.String()}, nil
}

// streamFailure is why a stream ended before the answer did.
func streamFailure(ctx context.Context, err error) error {
	switch {
	case errors.Is(context.Cause(ctx), errSilent):
		err = errSilent
	case err == nil:
		err = errCutOff
	}

	return &callError{text: describe(err), cause: err}
}

// request is what is sent.
func (m *Model) request(messages []message) openai.ChatCompletionNewParams {
	request := openai.ChatCompletionNewParams{
		Model:         m.config.Model,
		StreamOptions: openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)},
	}

	for _, msg := range messages {
		switch msg.role {
		case system:
			request.Messages = append(request.Messages, openai.SystemMessage(msg.text))
		case user:
			request.Messages = append(request.Messages, openai.UserMessage(msg.text))
		case assistant:
			request.Messages = append(request.Messages, openai.AssistantMessage(msg.text))
		}
	}

	if m.config.Format == JSONObject {
		request.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
		request.MaxTokens = openai.Int(int64(m.config.MaxTokens))

		return request
	}

	request.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
		JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: "section", Strict: openai.Bool(true), Schema: m.prompts.schema},
	}
	request.MaxCompletionTokens = openai.Int(int64(m.config.MaxTokens))

	return request
}

// guard turns refusals into errors of resilience before their bodies are read, which may hold anything, and refuses what is no stream.
func guard(request *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	response, err := next(request)
	if err != nil {
		return nil, err
	}

	err = resilience.CheckStatus(response)

	if media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); err == nil && media != "text/event-stream" {
		err = errNoStream
	}

	if err != nil {
		_ = response.Body.Close()

		return nil, err
	}

	// JSON in JSON, some tokens a chunk: an answer is some hundred times smaller than its stream.
	response.Body = &bounded{io.LimitReader(response.Body, 100*maxAnswerBytes), response.Body}

	return response, nil
}

// bounded is a body that ends early when it is too long.
type bounded struct {
	io.Reader
	io.Closer
}

// hearing puts an answer together and hands its text on.
type hearing struct {
	listener reading.Listener
	scanner  scanner
	text     strings.Builder
	refusal  strings.Builder
	finish   string
	began    bool // the service has answered
	usage    openai.CompletionUsage
}

func (h *hearing) hear(ctx context.Context, chunk openai.ChatCompletionChunk) error {
	h.began = true

	if chunk.Usage.TotalTokens > 0 || chunk.Usage.CompletionTokens > 0 {
		h.usage = chunk.Usage
	}

	if len(chunk.Choices) == 0 {
		return nil
	}

	choice := &chunk.Choices[0]
	if choice.FinishReason != "" {
		h.finish = choice.FinishReason
	}

	h.refusal.WriteString(choice.Delta.Refusal)
	h.text.WriteString(choice.Delta.Content)

	if piece := h.scanner.write(choice.Delta.Content); piece != "" {
		return h.listener.Text(ctx, piece)
	}

	return nil
}

func (h *hearing) full() bool { return h.text.Len() > maxAnswerBytes }

// account adds what a call has used, which is nothing where the service did not answer.
func (h *hearing) account(m *Model, messages []message, used *reading.Usage) {
	if !h.began {
		return
	}

	call := reading.Usage{PromptTokens: int(h.usage.PromptTokens), CompletionTokens: int(h.usage.CompletionTokens), Calls: 1}

	if call.Tokens() == 0 {
		for _, msg := range messages {
			call.PromptTokens += estimate(msg.text)
		}

		call.CompletionTokens = estimate(h.text.String())
	}

	// Dollars per million tokens are millionths of a dollar per token.
	call.CostMicros = int64(float64(call.PromptTokens)*m.config.PromptPrice + float64(call.CompletionTokens)*m.config.CompletionPrice + 0.5)
	*used = used.Add(call)
}

// estimate is how many tokens a text has, more or less.
func estimate(text string) int {
	const charactersPerToken = 4

	return (utf8.RuneCountInString(text) + charactersPerToken - 1) / charactersPerToken
}
