package live

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"sidereal/account"
)

// shareKey is the same for subscriptions whose answers to an item are the same.
type shareKey [sha256.Size]byte

// resumeArgument is the argument of a root field that says where its source begins, and nothing of what an item is.
const resumeArgument = "after"

// subscriptionType is the root type, whose fragments are written where they are spread.
const subscriptionType = "Subscription"

// digest is what a share key needs to know of an operation.
type digest struct {
	operation *ast.OperationDefinition
	text      [sha256.Size]byte // of the operation and its fragments, without names, variable definitions and the resume argument
	variables []string          // that it uses, sorted
	plain     bool
}

// digests keeps those of documents.
type digests struct{ known *lru.LRU[*digest] }

const (
	rememberedDigests = 1000
	maxRemembered     = 64 << 10 // bytes of the document that the operation is in; longer ones are digested each time
)

func newDigests() digests { return digests{lru.New[*digest](rememberedDigests)} }

// of returns the digest of an operation.
func (d digests) of(ctx context.Context, operation *graphql.OperationContext, plain func(*graphql.OperationContext) bool) *digest {
	key := operation.OperationName + "\x00" + operation.RawQuery

	if known, ok := d.known.Get(ctx, key); ok && known.operation == operation.Operation {
		return known
	}

	made := newDigest(operation)
	made.plain = plain != nil && plain(operation)

	if len(key) <= maxRemembered {
		d.known.Add(ctx, key, made)
	}

	return made
}

func newDigest(operation *graphql.OperationContext) *digest {
	doc := &ast.QueryDocument{Operations: ast.OperationList{{
		Operation:    ast.Subscription,
		Directives:   operation.Operation.Directives,
		SelectionSet: withoutResume(operation.Doc, operation.Operation.SelectionSet),
	}}}

	for _, fragment := range operation.Doc.Fragments {
		if fragment.TypeCondition != subscriptionType {
			doc.Fragments = append(doc.Fragments, fragment)
		}
	}

	var text bytes.Buffer

	formatter.NewFormatter(&text, formatter.WithCompacted()).FormatQueryDocument(doc)

	return &digest{operation: operation.Operation, text: sha256.Sum256(text.Bytes()), variables: variablesOf(doc)}
}

// withoutResume returns a copy of the selections of the root type, with fragments in their places and without the resume argument.
func withoutResume(doc *ast.QueryDocument, set ast.SelectionSet) ast.SelectionSet {
	copied := make(ast.SelectionSet, len(set))

	for i, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			field := *s
			field.Arguments = slices.DeleteFunc(slices.Clone(s.Arguments), func(a *ast.Argument) bool { return a.Name == resumeArgument })
			copied[i] = &field
		case *ast.InlineFragment:
			fragment := *s
			fragment.SelectionSet = withoutResume(doc, s.SelectionSet)
			copied[i] = &fragment
		case *ast.FragmentSpread:
			copied[i] = &ast.InlineFragment{
				TypeCondition: subscriptionType, Directives: s.Directives, SelectionSet: withoutResume(doc, doc.Fragments.ForName(s.Name).SelectionSet),
			}
		}
	}

	return copied
}

// share returns the key of a subscription and the operation that answers its items.
func (d *Driver) share(ctx context.Context, operation *graphql.OperationContext) shareKey {
	digest := d.digests.of(ctx, operation, d.config.Plain)

	h := sha256.New()
	h.Write(digest.text[:])

	for _, name := range digest.variables {
		value, given := operation.Variables[name]

		text, err := json.Marshal(value)
		if err != nil { // coerced variables are JSON; a value that is not is nobody else's
			text = fmt.Appendf(nil, "%p", operation)
		}

		_, _ = fmt.Fprintf(h, "%q %t %d ", name, given, len(text))
		h.Write(text)
	}

	sight(ctx, h, digest.plain)

	return shareKey(h.Sum(nil))
}

// sight writes what the viewer may see: nothing but the kind of viewer, by which @auth decides, where the answer follows from the item.
func sight(ctx context.Context, h hash.Hash, plain bool) {
	v, ok := account.ViewerFrom(ctx)
	_, _ = fmt.Fprintf(h, "%t %q %t %d", ok, v.Role, v.Key != "", v.Scopes)

	if !plain {
		_, _ = fmt.Fprintf(h, " %q %q %q", v.Subject, v.Session, v.Key)
	}
}
