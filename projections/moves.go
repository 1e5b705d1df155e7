package projections

import (
	"context"
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// ObligationMove is what an event did to an obligation.
type ObligationMove string

// The moves of an obligation. That one is late needs no event: it is from the
// day after its last day on.
const (
	ObligationStarted ObligationMove = "started" // it is owed from now on
	ObligationChanged ObligationMove = "changed" // another last day, a pause, another who answers
	ObligationNearing ObligationMove = "nearing" // warned of: a level before the last day is reached
	ObligationDue     ObligationMove = "due"     // warned of: the last day has come
	ObligationSettled ObligationMove = "settled" // done, or over
)

// movesSchema makes the table of what each event did to which clock. Where
// clock is set, the event warned of all obligations of that clock whose id
// is, or begins with, what stands in obligation.
const movesSchema = `CREATE TABLE obligation_moves (
	position INTEGER NOT NULL,
	obligation TEXT NOT NULL,
	clock TEXT NOT NULL,
	move TEXT NOT NULL,
	PRIMARY KEY (position, obligation, clock)
) WITHOUT ROWID`

// clockMove is a row of obligation_moves.
type clockMove struct {
	position   ledger.Position
	obligation string
	clock      string
	move       ObligationMove
}

// moveOf tells what the event did to a clock that it moved.
func moveOf(c *clocks.Clock, event domain.EventID) ObligationMove {
	switch {
	case c.Stop == event:
		return ObligationSettled
	case c.Start == event:
		return ObligationStarted
	}
	return ObligationChanged
}

// moveOfWarning is that of a warning of clocks, by the id of the warning:
// "clock:NAME:START:DAY".
func moveOfWarning(at ledger.Position, id domain.WarningID, score int) clockMove {
	parts := strings.Split(string(id), ":")
	name, start := parts[1], parts[2]
	move := ObligationNearing
	if score >= int(clocks.Last) {
		move = ObligationDue
	}
	return clockMove{at, start + "." + name, name, move}
}

func (o *obligations) move(m clockMove) {
	o.moves, o.moved = append(o.moves, m), true
}

// told tells whether a clock has moved since it was last asked.
func (o *obligations) told() bool {
	moved := o.moved
	o.moved = false
	return moved
}

func (o *obligations) flushMoves() error {
	for _, m := range o.moves {
		err := o.conn.query("INSERT INTO obligation_moves (position, obligation, clock, move) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			[]any{int64(m.position), m.obligation, m.clock, string(m.move)}, nil)
		if err != nil {
			return fmt.Errorf("store a move of obligation %s: %w", m.obligation, err)
		}
	}
	o.moves = o.moves[:0]
	return nil
}

// ObligationEvent is one event and what it did to the obligations that the
// principal may see.
type ObligationEvent struct {
	Position ledger.Position
	Event    domain.EventID
	Moves    []MovedObligation
}

// MovedObligation is an obligation, as it stands now, and what was done to it.
type MovedObligation struct {
	Move       ObligationMove
	Obligation Obligation
}

// ObligationEvents lists the events behind one position and not behind the
// other that moved obligations of the unit (with everything below it; of all
// when empty), in the order of the ledger, at most so many rows of moves; an
// event comes whole or not at all. more tells that there are others.
func (r *Reader) ObligationEvents(ctx context.Context, unit domain.UnitID, after, through ledger.Position, most int) (out []ObligationEvent, more bool, err error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, false, err
	}
	const of = "e.position = m.position AND (x.id = m.obligation OR (m.clock <> '' AND x.id >= m.obligation AND x.id < m.obligation || '/' AND x.clock = m.clock))"
	where := query.And(query.C(of), query.C("m.position > ? AND m.position <= ?", int64(after), int64(through)), s.obligation("x"), below("x.unit", unit))
	t := obligationTable
	sql := "SELECT m.position, e.id, m.move, " + t.list("x") + " FROM obligation_moves m CROSS JOIN events e CROSS JOIN obligations x" +
		where.Where() + " ORDER BY m.position, x.id LIMIT ?"
	for {
		out, rows := out[:0], 0
		err := r.ask(ctx, sql, append(where.Args, most+1), func(st dbRow) error {
			rows++
			at := ledger.Position(st.ColumnInt64(0))
			if len(out) == 0 || out[len(out)-1].Position != at {
				out = append(out, ObligationEvent{Position: at, Event: scanEventID(st, 1)})
			}
			row, err := t.scan(st, 3)
			last := &out[len(out)-1]
			last.Moves = append(last.Moves, MovedObligation{ObligationMove(st.ColumnText(2)), r.showObligation(&row)})
			return err
		})
		switch {
		case err != nil || rows <= most:
			return out, false, err
		case len(out) > 1:
			return out[:len(out)-1], true, nil
		}
		most *= 4 // one event moved more than that
	}
}

// WarningEvents lists the events of warnings about the unit (with everything
// below it; about any when empty) as Events lists those of the ledger.
func (r *Reader) WarningEvents(ctx context.Context, unit domain.UnitID, f EventFilter, p Page) (*List[Event], error) {
	if f.Order == "" {
		f.Order = RecordedDesc
	}
	about := query.And(query.C("x.id = s.name"), below("x.unit", unit))
	q := eventList{
		name: "warning events", from: "events e", columns: eventColumns, occurred: "e.occurred", position: "e.position", filter: f,
		where: query.And(query.C("s.type = 'warning'"), query.C("EXISTS (SELECT 1 FROM warnings x WHERE "+about.SQL+")", about.Args...)),
	}
	l, err := q.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(l, func(t *TimelineEntry) Event { return t.Event }), nil
}
