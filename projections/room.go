package projections

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// kept is what a row holds beyond its columns: the state of the room, by
// which the next event is folded, and the lists that readers are given. It
// lies in the table as JSON, and is read and written with the row.
type kept[B any] struct {
	Body string `db:"body"`
	body *B
}

// bodied is a row that keeps a body.
type bodied interface {
	open() error
	seal() error
}

// held returns the body, an empty one for a fresh row.
func (k *kept[B]) held() *B {
	if k.body == nil {
		k.body = new(B)
	}
	return k.body
}

func (k *kept[B]) open() error {
	if err := json.Unmarshal([]byte(k.Body), k.held()); err != nil {
		return fmt.Errorf("read the body of a row: %w", err)
	}
	return nil
}

func (k *kept[B]) seal() error {
	body, err := json.Marshal(k.held(), json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write the body of a row: %w", err)
	}
	k.Body = string(body)
	return nil
}

// concern links the event's subject to the officers it concerns, by which it
// is in scope, their own, or kept from them.
func (g *registers) concern(d *ledger.Decoded, officers ...domain.OfficerID) error {
	for _, o := range officers {
		if o == "" {
			continue
		}
		if err := g.exec("INSERT INTO concerned (room, object, officer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			d.Event.Kind().Room(), d.Act.Subject, string(o)); err != nil {
			return err
		}
	}
	return nil
}

// concerns is the condition that the row of alias a is linked to the officer.
func concerns(room, a string, o domain.OfficerID) query.Cond {
	return query.If(o != "", a+".id IN (SELECT object FROM concerned WHERE room = ? AND officer = ?)", room, string(o))
}

// shelf is how the register of a room is read: who sees a row, in which
// order rows are listed and what of a row is shown.
type shelf[R, T any, I ~string] struct {
	name  string
	table *table[R]
	order []string
	desc  bool
	seen  func(s scope, a string) query.Cond
	show  func(r *Reader, row *R) T
	id    func(*T) I
	// fill adds to the rows what lies in other tables; nil where nothing does.
	fill func(r *Reader, ctx context.Context, rows []R) error
}

func (f shelf[R, T, I]) shown(r *Reader) func(*R) T {
	return func(row *R) T { return f.show(r, row) }
}

// one returns the object; nil when there is none to be seen.
func (f shelf[R, T, I]) one(ctx context.Context, r *Reader, id I) (*T, error) {
	found, err := f.byID(ctx, r, []I{id})
	return found[id], err
}

// byID returns those of the objects that are seen.
func (f shelf[R, T, I]) byID(ctx context.Context, r *Reader, ids []I) (map[I]*T, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, f.table, ids, f.seen(s, "x"))
	return byID(rows, f.shown(r), f.id), err
}

// list returns a page of what is seen under the condition over alias x.
func (f shelf[R, T, I]) list(ctx context.Context, r *Reader, where query.Cond, p Page) (*List[T], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := listing[R]{name: f.name, table: f.table, where: query.And(f.seen(s, "x"), where), order: f.order, desc: f.desc}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, f.shown(r)), nil
}

// groupBy returns what is seen of the objects that hold one of the keys in a
// column, by key.
func groupBy[R, T any, I, K ~string](ctx context.Context, r *Reader, f shelf[R, T, I], column string, keys []K, key func(*T) K) (map[K][]T, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, f.table, query.And(query.In("x."+column, keys), f.seen(s, "x")), "x.id")
	return grouped(rows, f.shown(r), key), err
}

// Shared keeps something for the life of the reader, which is that of one
// request: make is called when the key is asked for first. Unlike the rest of
// a reader it is for one goroutine.
func (r *Reader) Shared(key any, make func() any) any {
	value, ok := r.shared[key]
	if !ok {
		value = make()
		if r.shared == nil {
			r.shared = map[any]any{}
		}
		r.shared[key] = value
	}
	return value
}
