package main

import (
	"slices"
	"strings"
	"testing"

	"sidereal/account"
	"sidereal/graph/relay"
)

// unknownLike returns the id of an object that does not exist, as long as the id given and of the same type.
func unknownLike(t *testing.T, id string) string {
	t.Helper()

	typeName, key, ok := relay.ParseGlobalID(id)
	if !ok || len(key) < 8 {
		t.Fatalf("%q is no id of an account, a session or a key", id)
	}

	last := byte('0')
	if key[len(key)-1] == last {
		last = '1'
	}

	return relay.GlobalID(typeName, key[:len(key)-1]+string(last))
}

// Another's account, session and API key are answered as those that do not exist: by the same bytes, but for the id that was asked for, and by the same number
// of statements. Administrators see accounts, but no more.
func TestAnotherIsAnsweredAsNobodyAtAll(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		w := prepare(t, start(t, append(environment, "SIDEREAL_REDIS_URL=")))
		w.quiet(t)
		w.keep(t)

		ids := map[string]string{"User": w.owner.id, "Session": w.session, "ApiKey": w.key}
		theKey := w.keyOf(t, w.other, account.ScopeRead|account.ScopeWrite)

		for _, c := range []caller{{name: "nobody", is: "nobody"}, w.other, theKey, w.administrator} {
			for _, of := range []string{"User", "Session", "ApiKey"} {
				if c.is == "administrator" && of == "User" {
					continue
				}

				for name, document := range map[string]string{
					"Node":   "query Node($id: ID!) { node(id: $id) { id ... on User { email } ... on Session { address } ... on ApiKey { name } } }",
					"Nodes":  "query Nodes($id: ID!) { nodes(ids: [$id]) { id ... on User { email } ... on Session { address } ... on ApiKey { name } } }",
					"Below":  "query Below($id: ID!) { node(id: $id) { ... on User { apiKeys { totalCount } sessions { address } } } }",
					"Revoke": "mutation Revoke($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { id } } }",
					"Role":   "mutation Role($id: ID!) { setUserRole(input: {userId: $id, role: ADMIN}) { user { id } } }",
					"Saved":  "mutation Saved($id: ID!) { deleteSavedChart(input: {id: $id}) { deletedId } }",
				} {
					t.Run(strings.Join([]string{c.name, of, name}, " "), func(t *testing.T) { w.answersAlike(t, c, name, document, ids[of], unknownLike(t, ids[of])) })
				}
			}
		}

		w.isKept(t)
	})
}

// answersAlike checks that a document with the id of what is the owner's is answered as with another.
func (w *world) answersAlike(t *testing.T, c caller, name, document, known, unknown string) {
	t.Helper()

	kind, text, _ := strings.Cut(document, " ")
	text = strings.TrimPrefix(text, name+"($id: ID!) ")

	var (
		bodies [2]string
		counts [2]int
	)

	for i, id := range []string{known, unknown} {
		operation := strings.NewReplacer(" ", "", "/", "", "#", "").Replace(t.Name()) + string(rune('A'+i))
		bodies[i], counts[i] = w.counted(t, kind+" "+operation+"($id: ID!)", text, map[string]any{"id": id}, c.header...)
		bodies[i] = strings.NewReplacer(id, "ID", operation, "NAME").Replace(bodies[i])
	}

	if bodies[0] != bodies[1] || counts[0] != counts[1] {
		t.Errorf("the owner's is answered, by %d statements,\n%s\nand none, by %d statements,\n%s", counts[0], bodies[0], counts[1], bodies[1])
	}

	// Somebody's session is asked after in the database, or this test would count nothing.
	if asks := []string{"Node", "Nodes"}; c.key == nil && c.is != "nobody" && slices.Contains(asks, name) && counts[0] == 0 {
		t.Error("no statement was counted")
	}
}
