package projections

import (
	"context"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/terms"
)

// backend is where views lie, with what differs there beside the statements.
type backend interface {
	// open opens what lies there, making empty views where there are none, and
	// sets the connections and the position of v.
	open(v *Views) error
	// load builds the views anew, beside those in use, and returns how far they
	// show. swap puts them in the place of those in use, and keeps readers out
	// meanwhile; discard throws away what was not swapped in. Views.advance is
	// held.
	load(ctx context.Context, v *Views, store ledger.Store, progress func(ledger.Position)) (ledger.Position, error)
	swap(ctx context.Context, v *Views) error
	discard() error

	// mark leaves a mark with what is being changed, and tells other processes
	// once it is; marked tells whether the last change left it. Where nobody else
	// is, neither does anything.
	mark(c conn, mark string) error
	marked(c conn, mark string) (bool, error)

	textIndex
}

// textIndex is the index by which documents are found. The documents are rows
// of a table as any other; the index lies beside them.
type textIndex interface {
	// index takes in a document, new or changed, by the number of its
	// reference.
	index(c conn, ref int64, w wording) error
	// indexAll takes in all documents, at the end of a bulk load.
	indexAll(c conn) error
	// match says how documents d, under references s, are met that answer the
	// query.
	match(sought terms.Query) (textMatch, error)
}

// textMatch meets the documents that answer a query.
type textMatch struct {
	from  query.Cond // with the references s
	where query.Cond
	last  string // by which column those that came last are met first
	score string // how well one answers, as a whole number
}
