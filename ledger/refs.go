package ledger

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Refs returns what a decoded event touches: its subject, its actor (unless
// the system) and every typed reference in it, each once, the subject
// first.
func (c *Codec) Refs(r domain.Recorded) []domain.Ref {
	kind := c.catalog.Event(r.Event.Kind())
	if kind == nil {
		return nil
	}
	var out []domain.Ref
	for _, t := range kind.Touches(r.Act, r.Event) {
		if !slices.Contains(out, t.Ref) {
			out = append(out, t.Ref)
		}
	}
	return out
}
