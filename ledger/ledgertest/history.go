package ledgertest

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// kept is one event of a committed history, as a line of JSON.
type kept struct {
	Stream   string          `json:"stream"`
	Revision ledger.Revision `json:"revision"`
	ID       uuid.UUID       `json:"id"`
	Envelope json.RawMessage `json:"envelope"`
}

// FormatHistory writes the events one a line, their envelopes byte for byte.
func FormatHistory(events []ledger.Stored) ([]byte, error) {
	var b bytes.Buffer
	for _, s := range events {
		line, err := json.Marshal(kept{s.Stream, s.Revision, s.ID, s.Envelope})
		if err != nil {
			return nil, fmt.Errorf("%s revision %d: %w", s.Stream, s.Revision, err)
		}
		if !bytes.Contains(line, s.Envelope) {
			return nil, fmt.Errorf("%s revision %d: the envelope is respelled on the way", s.Stream, s.Revision)
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes(), nil
}

// ParseHistory reads what FormatHistory wrote. Positions are the numbers of
// the lines.
func ParseHistory(text []byte) ([]ledger.Stored, error) {
	var out []ledger.Stored
	for line := range bytes.Lines(text) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		var k kept
		if err := d.Decode(&k); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(out)+1, err)
		}
		out = append(out, ledger.Stored{
			Position: ledger.Position(len(out) + 1), Stream: k.Stream, Revision: k.Revision, ID: k.ID, Envelope: k.Envelope,
		})
	}
	return out, nil
}
