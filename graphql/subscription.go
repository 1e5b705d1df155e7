package graphql

import (
	"context"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// item is what one event gives a subscription, the source of its root field.
type item struct {
	position ledger.Position
	entry    *projections.TimelineEntry // of a timeline; of events and warnings its event alone
	moved    *projections.ObligationEvent
}

// feed is what a subscription follows.
type feed struct {
	// interest says which groups of events may hold an item.
	interest projections.Interest
	// fetch asks the reader for the items of the events behind one position
	// and not behind the other, in order, by one statement (and what the scope
	// takes). more says that there are others.
	fetch func(ctx context.Context, r *projections.Reader, after, through ledger.Position) (items []item, more bool, err error)
}

// follow makes the feed of a subscription field from its arguments.
type follow func(r *request, in input) (*feed, error)

// pageItems is how many items are fetched at once.
const pageItems = 32

// subscribed is a field of the subscription type. Its resolver takes the item
// out of the request that is made for it.
func (b *builder) subscribed(name, doc string, typ *gql.Object, args []argument, from follow) field {
	b.follows[name] = from
	after := arg("after", scalarLong, "First what was recorded behind this position, then what is; only what is from now on when absent.")
	return field{name: name, doc: doc, typ: must(typ), args: append(args, after), resolve: loading(func(r *request, _ gql.ResolveParams) (any, error) {
		return r.item, nil
	})}
}

const positionDoc = "The position to resume from behind this item (argument after)."

func (b *builder) defineSubscription() {
	position := func() field {
		return plain("position", positionDoc, must(scalarLong), func(i *item) any { return i.position })
	}
	event := plain("event", "The event.", must(b.event), func(i *item) any { return &i.entry.Event })
	entry := b.object("TimelineItem", "A new entry of a timeline.")
	b.define(entry, position(),
		plain("entry", "The entry.", must(b.entry), func(i *item) any { return i.entry }))
	happened := b.object("EventItem", "A new event.")
	b.define(happened, position(), event)
	warned := b.object("WarningItem", "Something happened to a warning.")
	b.define(warned, position(), event,
		related("warning", "The warning, as it stands.", b.warning, func(r *request) *loader[domain.WarningID, *projections.Warning] { return &r.rooms().warnings },
			func(i *item) domain.WarningID { return domain.WarningID(i.entry.Subject.ID) }))
	b.subscription = b.object("Subscription", "What can be followed as it is recorded. Items are what you may see by the rules of queries, in the order of the ledger, each event once. "+
		"Send it with accept: text/event-stream, or over WebSocket (graphql-transport-ws).")
	b.define(b.subscription,
		b.subscribed("timeline", "The accountability timeline of whatever can be referred to, as it grows.", entry,
			[]argument{arg("ref", gql.NewNonNull(b.refInput), "Whose timeline."), arg("filter", b.timelineFilter, "Narrows it.")}, followTimeline),
		b.subscribed("events", "The events of the ledger.", happened, []argument{arg("filter", b.eventFilter, "Narrows them.")}, followEvents),
		b.subscribed("warnings", "What happens to warnings: raised, taken on, reviewed, settled.", warned, []argument{argUnitBelow}, followWarnings),
		b.subscribed("obligations", "What happens to deadlines: those that start, change, come near, fall due, are settled.",
			b.obligationItem(position()), []argument{argUnitBelow}, followObligations))
}

func (b *builder) obligationItem(position field) *gql.Object {
	move := b.enum("ObligationMove", "What an event did to an obligation.",
		v(projections.ObligationStarted, "It is owed from now on."),
		v(projections.ObligationChanged, "Another last day, a pause, another who answers for it."),
		v(projections.ObligationNearing, "The system warned that its last day comes near."),
		v(projections.ObligationDue, "The system warned that its last day has come; from the next day on it is late."),
		v(projections.ObligationSettled, "It is done, or over."))
	moved := b.object("MovedObligation", "An obligation and what was done to it.")
	b.define(moved,
		choice("move", "What was done.", move, func(m *projections.MovedObligation) projections.ObligationMove { return m.Move }),
		plain("obligation", "The obligation, as it stands.", must(b.obligation), func(m *projections.MovedObligation) any { return &m.Obligation }))
	object := b.object("ObligationItem", "An event and what it did to obligations.")
	b.define(object, position,
		related("event", "The event; null where you may not see it.", b.event, loadEvent, func(i *item) domain.EventID { return i.moved.Event }),
		plain("moves", "What it did to which obligation.", mustList(moved), func(i *item) any {
			out := make([]*projections.MovedObligation, len(i.moved.Moves))
			for n := range i.moved.Moves {
				out[n] = &i.moved.Moves[n]
			}
			return out
		}))
	return object
}

func followTimeline(r *request, in input) (*feed, error) {
	filter, err := in.eventFilter(r)
	if err != nil {
		return nil, err
	}
	of := in.object("ref")
	ref := domain.Ref{Type: of.text("type"), ID: of.text("id")}
	return &feed{
		interest: projections.Interest{Ref: ref, Kinds: filter.Kinds},
		fetch: func(ctx context.Context, r *projections.Reader, after, through ledger.Position) ([]item, bool, error) {
			list, err := r.Timeline(ctx, ref, between(filter, after, through), projections.Page{First: pageItems})
			return items(list, err, func(t *projections.TimelineEntry) *projections.TimelineEntry { return t })
		},
	}, nil
}

func followEvents(r *request, in input) (*feed, error) {
	filter, err := in.eventFilter(r)
	if err != nil {
		return nil, err
	}
	return &feed{
		interest: projections.Interest{Kinds: filter.Kinds},
		fetch: func(ctx context.Context, r *projections.Reader, after, through ledger.Position) ([]item, bool, error) {
			list, err := r.Events(ctx, between(filter, after, through), projections.Page{First: pageItems})
			return items(list, err, entryOf)
		},
	}, nil
}

func followWarnings(_ *request, in input) (*feed, error) {
	unit := domain.UnitID(in.text("unit"))
	var filter projections.EventFilter
	for _, kind := range warning.Room.Events {
		filter.Kinds = append(filter.Kinds, kind.Kind)
	}
	return &feed{
		interest: projections.Interest{Kinds: filter.Kinds},
		fetch: func(ctx context.Context, r *projections.Reader, after, through ledger.Position) ([]item, bool, error) {
			list, err := r.WarningEvents(ctx, unit, between(filter, after, through), projections.Page{First: pageItems})
			return items(list, err, entryOf)
		},
	}, nil
}

func followObligations(_ *request, in input) (*feed, error) {
	unit := domain.UnitID(in.text("unit"))
	return &feed{
		interest: projections.Interest{Clocks: true},
		fetch: func(ctx context.Context, r *projections.Reader, after, through ledger.Position) ([]item, bool, error) {
			list, more, err := r.ObligationEvents(ctx, unit, after, through, pageItems)
			var out []item
			for i := range list {
				out = append(out, item{position: list[i].Position, moved: &list[i]})
			}
			return out, more, err
		},
	}, nil
}

// between narrows a filter to a stretch of the ledger, in its order.
func between(f projections.EventFilter, after, through ledger.Position) projections.EventFilter {
	f.After, f.Through, f.Order = after, through, projections.RecordedAsc
	return f
}

func entryOf(e *projections.Event) *projections.TimelineEntry {
	return &projections.TimelineEntry{Event: *e}
}

func items[T any](list *projections.List[T], err error, entry func(*T) *projections.TimelineEntry) ([]item, bool, error) {
	if err != nil {
		return nil, false, err
	}
	out := make([]item, len(list.Items))
	for i := range list.Items {
		e := entry(&list.Items[i])
		out[i] = item{position: e.Position, entry: e}
	}
	return out, list.HasNextPage, nil
}
