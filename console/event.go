package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// eventPage shows an event with what proves it.
var eventPage = page{
	name: "event", route: "/events/{id}", must: "event",
	document: `query Event($id: ID!) {
  event(id: $id) {
    id position kind stream revision subject { type id } actor role occurredAt recordedAt rulebook rulebookVersion
    causeId cause { id kind occurredAt } correlationId imported sourceDigest veiled data
    envelope { payloadType payload raw signatures { keyid sig key { id purpose algorithm status holder } } }
    proof { index hashes receipt checkpoint { size root note cosignatures { witness at } } }
    effects(depth: 3, first: 50) { totalCount nodes { depth event { id kind occurredAt subject { type id } } } }
    causes(depth: 10, first: 20) { nodes { depth event { id kind occurredAt subject { type id } } } }
  }
}`,
	variables: id,
	prepare: func(v *view) error {
		var answer struct {
			Event struct{ Envelope *struct{ Payload string } }
		}
		if err := v.into(&answer); err != nil || answer.Event.Envelope == nil {
			return err
		}
		raw, err := base64.StdEncoding.DecodeString(answer.Event.Envelope.Payload)
		if err != nil {
			return err
		}
		var lines bytes.Buffer
		if err := json.Indent(&lines, raw, "", "  "); err != nil {
			return err
		}
		v.X = lines.String()
		return nil
	},
}
