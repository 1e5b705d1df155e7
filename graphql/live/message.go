package live

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// The types of messages of graphql-transport-ws.
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

// maxID is the longest id of an operation, in bytes.
const maxID = 256

// message is one from a client, as far as its type has members.
type message struct {
	kind string
	id   string
	// authorization is that of connection_init, "" without one.
	authorization string
	request       overhttp.Request
}

// decodeMessage reads a message from a client. Its error is for the reason of
// close code 4400.
func decodeMessage(raw []byte) (message, error) {
	var wire struct {
		Type    string         `json:"type"`
		ID      *string        `json:"id"`
		Payload jsontext.Value `json:"payload"`
	}
	if err := json.Unmarshal(raw, &wire, json.RejectUnknownMembers(true)); err != nil {
		return message{}, errors.New("the message is not a JSON object with type, id and payload alone, each once")
	}
	m, payload := message{kind: wire.Type}, wire.Payload
	if payload.Kind() == 'n' {
		payload = nil
	}
	if payload != nil && payload.Kind() != '{' {
		return m, errors.New("the payload is not an object")
	}
	switch m.kind {
	case typeInit, typePing, typePong:
		if wire.ID != nil {
			return m, fmt.Errorf("%s has no id", m.kind)
		}
	case typeSubscribe, typeComplete:
		if wire.ID == nil || *wire.ID == "" || len(*wire.ID) > maxID {
			return m, fmt.Errorf("%s needs an id of 1 to %d bytes", m.kind, maxID)
		}
		m.id = *wire.ID
	default:
		return m, errors.New("the type is not one that a client sends")
	}
	var err error
	switch m.kind {
	case typeInit:
		m.authorization, err = decodeInit(payload)
	case typeSubscribe:
		m.request, err = overhttp.Parse(payload)
	case typeComplete:
		if payload != nil {
			err = errors.New("complete has no payload")
		}
	}
	return m, err
}

// decodeInit reads the authorization of connection_init; other members are the
// client's own business.
func decodeInit(payload jsontext.Value) (string, error) {
	var members map[string]jsontext.Value
	if payload != nil {
		if err := json.Unmarshal(payload, &members); err != nil {
			return "", errors.New("the payload has a member twice")
		}
	}
	authorization := ""
	for _, name := range []string{"Authorization", "authorization"} {
		raw, given := members[name]
		if !given || raw.Kind() == 'n' {
			continue
		}
		if authorization != "" {
			return "", errors.New("the payload has two authorizations")
		}
		if err := json.Unmarshal(raw, &authorization); err != nil || authorization == "" {
			return "", errors.New("the authorization is not a string")
		}
	}
	return authorization, nil
}

// encodeMessage writes a message; payload is JSON, or nil for none.
func encodeMessage(kind, id string, payload []byte) []byte {
	out := make([]byte, 0, len(kind)+len(id)+len(payload)+48)
	out = append(out, `{"type":"`...)
	out = append(append(out, kind...), '"')
	if id != "" {
		out = append(out, `,"id":`...)
		// An id came in as a JSON string, so it goes out as one.
		out, _ = jsontext.AppendQuote(out, id)
	}
	if payload != nil {
		out = append(append(out, `,"payload":`...), payload...)
	}
	return append(out, '}')
}
