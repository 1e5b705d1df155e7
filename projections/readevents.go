package projections

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// eventColumns and eventJoins read events e with their subject s, actor a
// and kind k.
const (
	eventColumns = "e.position, e.id, k.word, s.type, s.name, e.revision, a.name, e.role, e.occurred, e.recorded, e.rulebook, " +
		"e.cause, e.correlation, e.source, e.data"
	eventJoins = " JOIN refs s ON s.id = e.subject JOIN words k ON k.id = e.kind JOIN refs a ON a.id = e.actor"
	eventWidth = 15
)

// scanEvent reads an event from the first columns of a row.
func (v *Views) scanEvent(c conn, s dbRow) (Event, error) {
	role, err := v.words.get(c, s.ColumnInt64(7))
	if err != nil {
		return Event{}, err
	}
	book, err := v.words.get(c, s.ColumnInt64(10))
	if err != nil {
		return Event{}, err
	}
	return Event{
		Position:    ledger.Position(s.ColumnInt64(0)),
		ID:          scanEventID(s, 1),
		Kind:        domain.Kind(s.ColumnText(2)),
		Subject:     domain.Ref{Type: s.ColumnText(3), ID: s.ColumnText(4)},
		Revision:    s.ColumnInt64(5),
		Actor:       domain.ActorID(s.ColumnText(6)),
		Role:        domain.Role(role),
		OccurredAt:  time.UnixMicro(s.ColumnInt64(8)).UTC(),
		RecordedAt:  time.UnixMicro(s.ColumnInt64(9)).UTC(),
		Rulebook:    book,
		Cause:       scanEventID(s, 11),
		Correlation: scanEventID(s, 12),
		Source:      s.ColumnText(13),
		Data:        s.ColumnBlob(14, nil),
	}, nil
}

// scanEventID reads what bindEventID stored.
func scanEventID(s dbRow, column int) domain.EventID {
	b := s.ColumnRawBlob(column)
	if u, err := uuid.FromBytes(b); err == nil {
		return domain.EventID(u.String())
	}
	return domain.EventID(bytes.TrimPrefix(b, noUUID[:]))
}

// eventIDArg is the id as it is stored; nil for what is no event id.
func eventIDArg(id domain.EventID) []byte {
	u, err := uuid.Parse(string(id))
	if err != nil || u.String() != string(id) {
		return nil
	}
	return u[:]
}

// eventIDs holds where the column is the id of one of the events.
func eventIDs(column string, ids []domain.EventID) query.Cond {
	var args []any
	for _, id := range ids {
		if arg := eventIDArg(id); arg != nil {
			args = append(args, arg)
		}
	}
	if len(args) == 0 {
		return query.Never
	}
	return query.C(column+" IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+")", args...)
}

// Event returns the event; nil when there is none to be seen.
func (r *Reader) Event(ctx context.Context, id domain.EventID) (*Event, error) {
	found, err := r.EventsByID(ctx, []domain.EventID{id})
	return found[id], err
}

// EventsByID returns those that are seen.
func (r *Reader) EventsByID(ctx context.Context, ids []domain.EventID) (map[domain.EventID]*Event, error) {
	sc, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	named := eventIDs("e.id", ids)
	if len(named.Args) == 0 {
		return nil, nil
	}
	where := query.And(named, sc.event("s", "k"))
	sql := "SELECT " + eventColumns + " FROM events e" + eventJoins + where.Where()
	found, err := recall(r, sql, where.Args, sizeOfEvents, func() (rows rowsRead[TimelineEntry], err error) {
		err = r.events(ctx, sql, where.Args, func(_ dbRow, e Event) error {
			rows.items = append(rows.items, TimelineEntry{Event: e})
			return nil
		})
		return rows, err
	})
	out := make(map[domain.EventID]*Event, len(ids))
	for _, row := range found.items {
		out[row.ID] = &row.Event
	}
	return out, err
}

// events runs a query whose first columns are eventColumns, and shows of each
// event what the principal may know.
func (r *Reader) events(ctx context.Context, sql string, args []any, each func(dbRow, Event) error) error {
	sc, err := r.scoped(ctx)
	if err != nil {
		return err
	}
	return r.read(ctx, func(c conn) error {
		r.statements.Add(1)
		return c.query(sql, args, func(s dbRow) error {
			e, err := r.views.scanEvent(c, s)
			if err == nil {
				err = r.views.veil(sc, &e)
			}
			if err != nil {
				return err
			}
			return each(s, e)
		})
	})
}

// Events lists the events of the whole ledger; newest first unless the
// filter orders otherwise. The filter's As is ignored.
func (r *Reader) Events(ctx context.Context, f EventFilter, p Page) (*List[Event], error) {
	if f.Order == "" {
		f.Order = RecordedDesc
	}
	q := eventList{name: "events", from: "events e", columns: eventColumns, occurred: "e.occurred", position: "e.position", filter: f}
	l, err := q.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(l, func(t *TimelineEntry) Event { return t.Event }), nil
}

// Timeline lists the events that touch the reference, latest first unless
// the filter orders otherwise: the accountability history of a person, unit,
// post, complaint, case, sanction, reward, or of whoever acted (Type
// "actor").
func (r *Reader) Timeline(ctx context.Context, of domain.Ref, f EventFilter, p Page) (*List[TimelineEntry], error) {
	if f.Order == "" {
		f.Order = OccurredDesc
	}
	q := eventList{
		name: "timeline " + of.String(), from: "touches t CROSS JOIN events e", // in this order

		columns:  eventColumns + ", (SELECT word FROM words WHERE id = t.fields)",
		occurred: "t.occurred", position: "t.position",
		where:  query.C("e.position = t.position AND t.ref = (SELECT id FROM refs WHERE name = ? AND type = ?)", of.ID, of.Type),
		filter: f, touches: true,
	}
	if len(f.As) > 0 {
		ids, err := r.fieldLists(ctx, f.As)
		if err != nil {
			return nil, err
		}
		q.where = query.And(q.where, query.C("t.fields IN ("+ids+")"))
	}
	return q.load(ctx, r, p)
}

// fieldLists returns the numbers of the field lists that hold one of the
// names, as SQL.
func (r *Reader) fieldLists(ctx context.Context, names []string) (string, error) {
	ids := []string{"0"}
	err := r.read(ctx, func(c conn) error {
		r.statements.Add(1)
		words, err := readWords(c)
		for id, word := range words {
			if hasField(word, names) {
				ids = append(ids, strconv.FormatInt(id, 10))
			}
		}
		return err
	})
	return strings.Join(ids, ", "), err
}

// eventList is a list of events in one of the four orders.
type eventList struct {
	name               string
	from               string
	columns            string
	occurred, position string
	where              query.Cond
	filter             EventFilter
	touches            bool
}

func (q eventList) load(ctx context.Context, r *Reader, p Page) (*List[TimelineEntry], error) {
	order, desc, err := q.order()
	if err != nil {
		return nil, err
	}
	name := q.name + " " + string(q.filter.Order)
	w, err := p.open(name, len(order))
	if err != nil {
		return nil, err
	}
	sc, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	// Long, and always the same for one scope of one principal.
	seen, _, err := remembered(r, "the condition over events", sc.told(), func(c query.Cond) int { return len(c.SQL) },
		func() (query.Cond, error) { return sc.event("s", "k"), nil })
	if err != nil {
		return nil, err
	}
	where := query.And(q.where, q.filter.cond(q.occurred, q.position), seen)
	rest := " FROM " + q.from + eventJoins
	paged := where
	desc = desc != w.backward
	if w.from != nil {
		paged = query.And(where, query.Past(order, desc, w.from))
	}
	sql := "SELECT " + q.columns + rest + paged.Where() + query.OrderBy(order, desc) + " LIMIT " + strconv.Itoa(w.limit+1)
	rows, err := recall(r, sql, paged.Args, sizeOfEvents, func() (rows rowsRead[TimelineEntry], err error) {
		err = r.events(ctx, sql, paged.Args, func(s dbRow, e Event) error {
			entry := TimelineEntry{Event: e}
			if q.touches {
				entry.As = strings.Split(s.ColumnText(eventWidth), ",")
			}
			key := []any{int64(e.Position)}
			if len(order) == 2 {
				key = []any{e.OccurredAt.UnixMicro(), int64(e.Position)}
			}
			rows.items, rows.keys = append(rows.items, entry), append(rows.keys, key)
			return nil
		})
		return rows, err
	})
	if err != nil {
		return nil, err
	}
	l := page(w, p, slices.Clone(rows.items), places{name, slices.Clone(rows.keys)})
	l.count = once(func(ctx context.Context) (int, error) {
		n, err := r.askInt(ctx, "SELECT count(*)"+rest+where.Where(), where.Args)
		return int(n), err
	})
	return l, nil
}

func sizeOfEvents(rows rowsRead[TimelineEntry]) int {
	n := rows.size()
	for i := range rows.items {
		n += len(rows.items[i].Data)
	}
	return n
}

// order returns the columns of the sort key.
func (q eventList) order() (columns []string, desc bool, err error) {
	switch q.filter.Order {
	case RecordedDesc, RecordedAsc:
		columns = []string{q.position}
	case OccurredDesc, OccurredAsc:
		columns = []string{q.occurred, q.position}
	default:
		return nil, false, domain.Refuse(domain.CodeInvalid, "order", "%q is no order of events", q.filter.Order)
	}
	return columns, q.filter.Order == RecordedDesc || q.filter.Order == OccurredDesc, nil
}

// manyKinds is how many kinds a filter names before events are looked through in
// their order, and not by kind.
const manyKinds = 20

// cond narrows events e with kind k and actor a.
func (f EventFilter) cond(occurred, position string) query.Cond {
	conds := []query.Cond{
		query.If(!f.OccurredFrom.IsZero(), occurred+" >= ?", f.OccurredFrom.UnixMicro()),
		query.If(!f.OccurredTo.IsZero(), occurred+" <= ?", f.OccurredTo.UnixMicro()),
		query.If(!f.RecordedFrom.IsZero(), "e.recorded >= ?", f.RecordedFrom.UnixMicro()),
		query.If(!f.RecordedTo.IsZero(), "e.recorded <= ?", f.RecordedTo.UnixMicro()),
		query.Eq("a.name", f.Actor),
		query.If(f.After > 0, position+" > ?", int64(f.After)),
		query.If(f.Through > 0, position+" <= ?", int64(f.Through)),
	}
	if len(f.Kinds) > 0 {
		in, kind := query.In("word", f.Kinds), "e.kind"
		if len(f.Kinds) > manyKinds {
			kind = "+e.kind" // not by their index: that would collect and sort nearly all events
		}
		conds = append(conds, query.C(kind+" IN (SELECT id FROM words WHERE "+in.SQL+")", in.Args...))
	}
	if f.Role != "" {
		conds = append(conds, query.C("e.role = (SELECT id FROM words WHERE word = ?)", string(f.Role)))
	}
	if f.Imported != nil && *f.Imported {
		conds = append(conds, query.C("e.source IS NOT NULL"))
	} else if f.Imported != nil {
		conds = append(conds, query.C("e.source IS NULL"))
	}
	if f.Cause != "" {
		id := eventIDArg(f.Cause)
		conds = append(conds, query.C("e.cause = ?", id))
		if id == nil {
			conds = append(conds, query.Never)
		}
	}
	if f.Rulebook != "" {
		conds = append(conds, f.underRulebook())
	}
	if f.Correlation != "" {
		id := eventIDArg(f.Correlation)
		conds = append(conds, query.C("e.correlation = ?", id))
		if id == nil {
			conds = append(conds, query.Never)
		}
	}
	return query.And(conds...)
}

// underRulebook keeps what was decided under the rulebook: in any version, or
// in the one that is named.
func (f EventFilter) underRulebook() query.Cond {
	id, version := domain.ParseEdition(f.Rulebook)
	edition := query.C("word = ?", id)
	if !strings.Contains(f.Rulebook, "/") {
		edition = query.C("(word = ? OR substr(word, 1, length(?) + 1) = ? || '/')", id, id, id)
	} else if version != "1" {
		edition = query.C("word = ?", f.Rulebook)
	}
	return query.C("e.rulebook IN (SELECT id FROM words WHERE "+edition.SQL+")", edition.Args...)
}
