package agency

import (
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/post"
)

// duty is what a section or window does: the power its posts hold, the
// stream of acts that comes of it, and where that power may go astray.
type duty struct {
	key        string
	code       string // of its sections' ids
	department string // code of the department its sections lie under
	stream     enforcement.Kind
	zh, en     string // of the section, less its number
	power      string
	legalBasis string
	limits     string
	flow       []string
	risk       string
	control    string
	factors    post.Factors
	// grievances are the keys of what people complain of.
	grievances []string
}
