package transport

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
)

// The types of messages.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// clientMessage is a message from the client, checked.
type clientMessage struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`

	authorization string   // of connection_init, or of a ping
	operation     *request // of subscribe
}

// serverMessage is a message to the client.
type serverMessage struct {
	ID      string `json:"id,omitempty"`
	Type    string `json:"type"`
	Payload any    `json:"payload,omitempty"`
}

// acknowledgement is the payload of connection_ack.
type acknowledgement struct {
	Cursor string `json:"cursor"`
}

func (m *serverMessage) encode() ([]byte, error) {
	switch payload := m.Payload.(type) {
	case json.RawMessage: // of a ping that is echoed
		if len(payload) == 0 {
			m.Payload = nil
		}
	case *graphql.Response:
		data, err := encode(payload)
		if err != nil {
			return nil, err
		}

		m.Payload = json.RawMessage(data)
	}

	return encode(m)
}

// What is wrong with a message.
var (
	errNoObject    = errors.New("not a JSON object of the right types")
	errNoID        = errors.New("the id is missing")
	errBadPayload  = errors.New("the payload is not of the right form")
	errUnknownType = errors.New("unknown type")
)

// parseMessage reads a message and checks all that the protocol says of its form.
func parseMessage(data []byte) (*clientMessage, error) {
	m := new(clientMessage)
	if err := json.Unmarshal(data, m); err != nil {
		return nil, errNoObject
	}

	switch m.Type {
	case typeInit, typePing:
		return m, m.readToken()
	case typePong:
		var payload map[string]json.RawMessage

		return m, m.object(&payload)
	case typeSubscribe:
		return m, m.readSubscribe()
	case typeComplete:
		if m.ID == "" {
			return nil, errNoID
		}

		return m, nil
	default:
		return nil, errUnknownType
	}
}

// object reads the payload, which may be missing or null, as an object.
func (m *clientMessage) object(into any) error {
	if len(m.Payload) == 0 {
		return nil
	}

	if err := decode(m.Payload, into); err != nil {
		return errBadPayload
	}

	return nil
}

// readToken finds the token. A value that is no string is no token, and refused as such.
func (m *clientMessage) readToken() error {
	var payload map[string]any
	if err := m.object(&payload); err != nil {
		return err
	}

	for _, name := range []string{"Authorization", "authorization"} {
		if value, ok := payload[name]; ok && value != nil {
			m.authorization = fmt.Sprint(value)
		}
	}

	return nil
}

func (m *clientMessage) readSubscribe() error {
	if m.ID == "" {
		return errNoID
	}

	var r request
	if err := m.object(&r); err != nil || r.Query == nil && r.DocumentID == "" && r.Extensions["persistedQuery"] == nil {
		return errBadPayload
	}

	m.operation = &r

	return nil
}
