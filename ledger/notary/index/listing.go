package index

import (
	"maps"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Listing lists the events of a subject's file out of a whole log, as they
// are verified: whoever has every event needs no index to know which of them
// are somebody's. It is a [notary.Watcher].
type Listing struct {
	subject domain.Ref
	rooms   []string
	own     []int64
	led     []domain.Ref // to which matters the own events lead
	// matters has the events of every aggregate that may turn out to belong
	// to the file.
	matters map[domain.Ref][]int64
}

// NewListing begins a list; subject and rooms are those of [Ask].
func NewListing(subject domain.Ref, rooms []string) *Listing {
	return &Listing{subject: subject, rooms: rooms, matters: map[domain.Ref][]int64{}}
}

// Event implements [notary.Watcher].
func (l *Listing) Event(index int64, touches []domain.Ref) error {
	for _, ref := range touches {
		if ref == l.subject {
			l.own = append(l.own, index)
			l.led = append(l.led, touches[0])
		} else if slices.Contains(l.rooms, ref.Type) {
			l.matters[ref] = append(l.matters[ref], index)
		}
	}
	return nil
}

// Wants implements [notary.Watcher]: no root is asked for.
func (l *Listing) Wants() int64 { return -1 }

// Root implements [notary.Watcher].
func (l *Listing) Root(Hash) {}

// Listed is the file of a subject in a log.
type Listed struct {
	Subject string `json:"subject"`
	// Events touch the subject; Entries are those and all of the matters.
	Events  int      `json:"events"`
	Matters []string `json:"matters"`
	Entries []int64  `json:"entries"`
}

// Result returns the list, once all events were told.
func (l *Listing) Result() Listed {
	out := Listed{Subject: SpellRef(l.subject), Events: len(l.own), Matters: []string{}}
	all := map[int64]bool{}
	for _, i := range l.own {
		all[i] = true
	}
	for _, ref := range mattersIn(l.led, l.subject, l.rooms) {
		out.Matters = append(out.Matters, SpellRef(ref))
		for _, i := range l.matters[ref] {
			all[i] = true
		}
	}
	out.Entries = slices.AppendSeq([]int64{}, maps.Keys(all))
	slices.Sort(out.Entries)
	return out
}
