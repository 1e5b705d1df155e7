package screening

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/outlier"
)

// Screen holds what is compared of the cases of some months. Make it with New,
// give it every case once, then ask for what stands out. It belongs to one
// goroutine.
type Screen struct{}

// New returns an empty screen of the months from one to another; see [Since].
// agency returns the root of the tree in which a unit stands: peers are sought
// there. Where the rules are the zero value nothing is found.
func New(rules domain.ScreeningRules, from, last Month, agency func(domain.UnitID) domain.UnitID) *Screen {
	return &Screen{}
}

// Add takes a case as it is known now, and tells whether it counts: it was
// decided in one of the months, and no case of the same decision was added. The
// order does not matter.
func (s *Screen) Add(c Case) bool { return false }

// NewWatcher returns what looks for changes by the rules. Keep it for later
// runs: it keeps the limits that it has found.
func NewWatcher(rules domain.ScreeningRules) *outlier.Watcher { return nil }

// Findings is the run that ends with a month, on what is known now. It fails
// where the screen does not hold the months it needs.
func (s *Screen) Findings(w *outlier.Watcher, end Month) (*Report, error) { return nil, nil }

// Stands tells whether a run that ends with the same month would find it on
// what is known now, and returns what is found; of a change, whether it is still
// seen there, though it may have been noticed earlier. A finding whose ground
// was taken away by what was recorded later does not stand.
func (s *Screen) Stands(w *outlier.Watcher, k Key) (Finding, bool, error) {
	return Finding{}, false, nil
}
