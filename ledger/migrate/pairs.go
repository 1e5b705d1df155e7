package migrate

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// Difference says where two stores do not hold the same ledger.
type Difference struct {
	// Place in the order of the ledger, 1 for the first event.
	Place int64
	// Source and Target are the positions there; [ledger.Start] in a store
	// that holds no such event.
	Source, Target ledger.Position
	// Stream and Revision are those of the source where it has the event.
	Stream   string
	Revision ledger.Revision
	// What is different, in plain words.
	What string
}

func (d *Difference) Error() string {
	return fmt.Sprintf("event %d (source position %s, target position %s; %s revision %d): %s",
		d.Place, d.Source, d.Target, d.Stream, d.Revision, d.What)
}

// differ compares the event at a place in both stores; nil when it is the same.
func differ(place int64, from, to ledger.Stored) *Difference {
	var what string
	switch {
	case from.Stream != to.Stream || from.Revision != to.Revision:
		what = fmt.Sprintf("the target holds %s revision %d here", to.Stream, to.Revision)
	case from.ID != to.ID:
		what = fmt.Sprintf("the source holds event %s here, the target event %s", from.ID, to.ID)
	case !bytes.Equal(from.Envelope, to.Envelope):
		what = "the target holds other bytes of this event"
	default:
		return nil
	}
	return &Difference{Place: place, Source: from.Position, Target: to.Position, Stream: from.Stream, Revision: from.Revision, What: what}
}

// onlyIn is the difference of an event that one store alone has.
func onlyIn(store string, place int64, s ledger.Stored) *Difference {
	d := &Difference{Place: place, Stream: s.Stream, Revision: s.Revision, What: "only the " + store + " holds an event here"}
	if store == "source" {
		d.Source = s.Position
	} else {
		d.Target = s.Position
	}
	return d
}

// Pair is an event that both stores hold.
type Pair struct {
	// Place in the order of the ledger, 1 for the first event.
	Place int64
	// From is where it lies in the source.
	From ledger.Position
	// To is the event in the target.
	To ledger.Stored

	tree *notary.Tree
}

// Root is the root hash of the transparency log over the events of the target
// up to this one (RFC 6962, section 2.1). It is of this step; ask before the
// next.
func (p Pair) Root() tlog.Hash { return p.tree.Root() }

// Pairs reads both stores from the beginning and yields every event, found to
// be the same in both. The sequence ends after the first error: a *Difference,
// also when one store is longer, or what a store fails with.
func Pairs(ctx context.Context, from, to ledger.Store) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		target, stop := iter.Pull2(to.ReadAll(ctx, ledger.Start))
		defer stop()
		p := Pair{tree: &notary.Tree{}}
		for s, err := range from.ReadAll(ctx, ledger.Start) {
			if err != nil {
				yield(p, fmt.Errorf("read the source: %w", err))
				return
			}
			p.Place++
			p.From = s.Position
			var there bool
			if p.To, err, there = target(); err != nil {
				yield(p, fmt.Errorf("read the target: %w", err))
				return
			}
			if !there {
				yield(p, onlyIn("source", p.Place, s))
				return
			}
			if d := differ(p.Place, s, p.To); d != nil {
				yield(p, d)
				return
			}
			p.tree.Add(p.To.Envelope)
			if !yield(p, nil) {
				return
			}
		}
		if extra, err, more := target(); err != nil {
			yield(p, fmt.Errorf("read the target: %w", err))
		} else if more {
			yield(p, onlyIn("target", p.Place+1, extra))
		}
	}
}
