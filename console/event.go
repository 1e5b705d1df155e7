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
    envelope { payloadType payload raw signatures { keyid sig key { id purpose algorithm status holder publicKey } } }
    proof { index hashes receipt checkpoint { size root note cosignatures { witness at } } }
    effects(depth: 3, first: 50) { totalCount nodes { depth event { id kind occurredAt subject { type id } } } }
    causes(depth: 10, first: 20) { nodes { depth event { id kind occurredAt subject { type id } } } }
  }
}`,
	variables: id,
	prepare: func(v *view) error {
		var answer provedEvent
		if err := v.into(&answer); err != nil {
			return err
		}
		x := eventProof{Told: answer.told(v.Keys), Digest: v.saved.digest}
		if answer.Event.Envelope != nil {
			raw, err := base64.StdEncoding.DecodeString(answer.Event.Envelope.Payload)
			if err != nil {
				return err
			}
			var lines bytes.Buffer
			if err := json.Indent(&lines, raw, "", "  "); err != nil {
				return err
			}
			x.Payload = lines.String()
		}
		v.X = x
		return nil
	},
}

// eventProof is what the page of an event computes: the payload on lines, the
// keys that this server names for it, and the digest of the saved check.
type eventProof struct{ Payload, Told, Digest string }
