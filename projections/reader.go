package projections

import (
	"context"
	"sync/atomic"

	"github.com/probity-ledger/probity/domain"
)

// Reader answers questions within what its principal may see. It belongs to
// one request: make one with [Views.As] and drop it.
//
// Single objects come back as nil, nil when they do not exist or may not be
// seen; lists leave out what may not be seen, and counts count what is left.
// Errors are a *domain.Refusal (CodeInvalid: a malformed page, cursor or
// filter), ErrUnavailable or internal.
//
// Who sees what, by default nothing:
//
//	             units,  officers  record   complaints  cases     findings   sanctions  rewards
//	             posts             file
//	auditor      scope   scope     scope    scope       scope     scope      scope      scope
//	inspector    scope   scope     scope*   scope*      scope*    scope*     scope*     scope
//	leader       scope   scope     scope*   scope*      scope*    scope*     scope*     scope
//	hr           scope   scope     scope    –           –         final      imposed    scope
//	intake       scope   scope     –        scope*      –         –          –          –
//	handler      all     own work  –        own work*   –         own work*  –          –
//	officer      all     self      self     –           –         own final  own, told  own
//	overseer     scope   –         –        –           –         –          –          –
//	public       –       –         –        –           –         –          –          –
//
// "scope": the units of the principal with everything below them; a
// complaint, case or finding is also in scope by an officer it names.
// "*": less what concerns the principal themselves, or someone they have a
// declared interest with (recusal). "own work": complaints assigned to the
// handler, and who is named there. "final": confirmed here, or imported with
// a result other than pending. HR's record files hold neither complaint
// texts nor open inquiries beyond the flag that bars promotion; an officer's
// own file holds no open inquiry at all. Events are seen where the object
// they happened to is seen, obligations where what they are owed on is; but a
// handler is not told why the identity of a reporter was opened or erased.
// Statistics are for every role, within its scope;
// the public gets them with small cells suppressed.
//
// And of the programme:
//
//	             plans,  enforce-  tracebacks,  norms     disclo-  programmes
//	                     ments     inspections,           sures
//	                               warnings
//	auditor      scope   scope     scope        all       all      scope
//	inspector    scope   scope     scope*       all       all      scope
//	leader       scope   scope     scope*       all       all      scope
//	hr           scope   –         –            all       all      scope
//	intake       –       –         –            adopted   all      –
//	handler      –       –         –            adopted   all      –
//	officer      named   named     –            adopted   all      –
//	overseer     –       –         –            adopted   all      scope
//	public       –       –         –            –         public   –
//
// There an object is in scope by its unit or by an officer it concerns, such
// as whoever answers for a target. "named": the principal is one of those.
//
// And of what it keeps up:
//
//	             activities,  coverage of   complaint      risks of  rulebooks  keys
//	             carriers     activities    concentration  posts
//	auditor      scope        scope         scope          scope     all        all
//	inspector    scope        scope         scope*         scope     all        own
//	leader       scope        scope         scope*         scope     all        all
//	hr           scope        scope         –              scope     all        all
//	intake       –            –             –              scope     all        own
//	handler      –            –             –              –         all        own
//	officer      named        –             –              –         all        own
//	overseer     unnamed      quarters      counts         –         all        own
//	public       –            –             counts         –         –          –
//
// An officer sees the activities to which they came or were called, and of
// those who did their own name alone; "unnamed": an overseer is told how many
// came, never who; "quarters": as of scorecards, below. "counts": of the whole
// scope alone, with small cells suppressed.
//
// What the analysis of a case opened is seen where the case is, and what is to
// be mended with its history: a post, a norm.
//
// Scorecards:
//
//	             units          periods          small counts
//	auditor      scope          days, as of      told
//	inspector    scope          days, as of      told
//	leader       scope          days, as of      told
//	hr           whole, given   quarters, now    of plans, activities, personnel, posts, norms, disclosures
//	overseer     whole, given   quarters, now    of activities, norms, disclosures
//
// and nobody else. "whole, given": whole agencies in scope and the units that
// the token names, not each part. "quarters": calendar quarters, half-years,
// years, and the cycles of the unit; what is not among the small counts told
// is suppressed as long as it could lead back to a person (veil.go). The
// comparison of a cycle holds scores alone. The events behind a count are seen
// where events are.
//
// The score of early warning:
//
//	             rules    groups   queue
//	auditor      scope    few      scope
//	inspector    scope*   –        scope*
//	leader       scope*   –        scope*
//	overseer     counts   counts   –
//
// and nobody else. "rules": how the warnings of each turned out; "groups": how
// they fall on groups of officers by what is protected, "few" with small cells
// suppressed, as "counts" are; "queue": the order for review.
//
// Whoever has the receipt code of a complaint is told how that one stands
// ([Reader.Told]), and what complaints can be about ([Reader.Addressees]): asked as
// public, by the pages for it alone.
//
// RoleSystem sees everything; no sign-in ever grants it.
type Reader struct {
	views      *Views
	who        Principal
	limits     *limits
	statements atomic.Int64
	shared     map[any]any // see Shared
	named      func() string
	// held is the connection of a snapshot, or of an earlier state; nil asks the views as they are.
	held conn
	// day is the one that an earlier state shows; zero for the present.
	day domain.Date
}

// read lends a connection: that of the snapshot, or any.
func (r *Reader) read(ctx context.Context, fn func(conn) error) error {
	if r.held != nil {
		return fn(r.held)
	}
	return r.views.read(ctx, fn)
}

// Principal returns who asks.
func (r *Reader) Principal() Principal { return r.who }

// Again returns another reader for the same principal, to be used by another
// goroutine. It shares what was looked up of the scope, so it is for questions
// asked at the same time.
func (r *Reader) Again() *Reader {
	return &Reader{views: r.views, who: r.who, limits: r.limits, named: r.named}
}

// Statements counts the SQL statements this reader has run, and those it was
// spared because the same principal was told the rows before; for tests that
// hold resolvers to loading in batches.
func (r *Reader) Statements() int { return int(r.statements.Load()) }

// ask runs one query and calls each for every row.
func (r *Reader) ask(ctx context.Context, sql string, args []any, each func(dbRow) error) error {
	return r.read(ctx, func(c conn) error {
		r.statements.Add(1)
		return c.query(sql, args, each)
	})
}

func (r *Reader) askInt(ctx context.Context, sql string, args []any) (int64, error) {
	return recall(r, sql, args, func(int64) int { return 0 }, func() (n int64, err error) {
		err = r.ask(ctx, sql, args, func(s dbRow) error {
			n = s.ColumnInt64(0)
			return nil
		})
		return n, err
	})
}
