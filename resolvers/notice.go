package resolvers

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"sidereal/account"
	"sidereal/event"
	"sidereal/fault"
	"sidereal/graph/model"
)

// Outbox is where events go that tell of nothing else that is stored.
type Outbox interface {
	Append(ctx context.Context, events ...event.Event) error
}

// maxNotice bounds a notice, in characters.
const maxNotice = 500

// PublishSystemNotice resolves Mutation.publishSystemNotice.
func (r mutations) PublishSystemNotice(ctx context.Context, input model.SystemNoticeInput) (*model.SystemNoticePayload, error) {
	message := strings.TrimSpace(input.Message)

	if n := utf8.RuneCountInString(message); n == 0 || n > maxNotice {
		return nil, fault.Invalid("input.message", "must have 1 to %d characters, not %d", maxNotice, n)
	}

	if !utf8.ValidString(message) || strings.ContainsFunc(message, func(c rune) bool { return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' }) {
		return nil, fault.Invalid("input.message", "must be one line without control characters")
	}

	by, _ := account.ViewerFrom(ctx)
	told := event.New(input.Severity, r.now(), by.Subject, event.Everyone, event.SystemNoticeData{Message: message})

	if err := r.outbox.Append(ctx, told); err != nil {
		return nil, err
	}

	return &model.SystemNoticePayload{EventID: told.ID}, nil
}
