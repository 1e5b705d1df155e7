package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Key is a signing key as it stands: whose signatures counted, and from which
// place in the ledger to which.
type Key struct {
	ID     domain.KeyID `db:"id"`
	Status string       `db:"status"` // empty for one of an earlier system
	// Purpose is what it signs: every event, the checkpoints of the log, or
	// what its holder does.
	Purpose   string         `db:"purpose"`
	Algorithm string         `db:"algorithm"`
	PublicKey string         `db:"public_key"` // SPKI DER in base64
	Holder    domain.ActorID `db:"holder"`
	// Succeeds is the key it replaces, SucceededBy the one that replaces it.
	Succeeds domain.KeyID `db:"succeeds"`
	// EnrolledAt is the place of its enrolment: it counts for what comes
	// after. EndedAt is that of its retirement or revocation: it counts for
	// nothing that comes after. 0 where there is none.
	EnrolledAt ledger.Position `db:"enrolled_at"`
	EnrolledOn domain.Date     `db:"enrolled_on"`
	EnrolledBy domain.ActorID  `db:"enrolled_by"`
	EndedAt    ledger.Position `db:"ended_at"`
	EndedOn    domain.Date     `db:"ended_on"`
	EndedBy    domain.ActorID  `db:"ended_by"`
	Reason     string          `db:"reason"`
	// RevokedFrom is the first place from which on it never counted, also on
	// what was recorded already; VouchedThrough the last one up to which
	// another person vouched for what it signed. 0 where there is none.
	RevokedFrom    ledger.Position `db:"revoked_from"`
	VouchedThrough ledger.Position `db:"vouched_through"`
	VouchedBy      domain.ActorID  `db:"vouched_by"`
	// ProposedFrom and ProposedBy are of a revocation that waits for a second
	// person.
	ProposedFrom ledger.Position `db:"proposed_from"`
	ProposedBy   domain.ActorID  `db:"proposed_by"`
	// Number, From and Until are what an earlier system says of it.
	Number   string      `db:"number"`
	From     domain.Date `db:"valid_from"`
	Until    domain.Date `db:"valid_until"`
	Imported bool        `db:"imported"`
}

// KeyFilter narrows the register of keys. Zero fields do not narrow.
type KeyFilter struct {
	Holder  domain.ActorID
	Purpose string
	Status  string
	// CountedAt: it counts at this place in the ledger, as far as its own
	// enrolment, end and revocation go.
	CountedAt ledger.Position
	// Pending: with a revocation that waits for a second person, or without.
	Pending  *bool
	Imported *bool
}

type keyRow struct {
	Key
	kept[key.Key]
}

var keyTable = newTable[keyRow]("keys", "enrolled_at, id", "holder")

var keyShelf = shelf[keyRow, Key, domain.KeyID]{
	name: "keys", table: keyTable, order: []string{"enrolled_at", "id"},
	seen: scope.key, id: func(k *Key) domain.KeyID { return k.ID },
	show: func(_ *Reader, row *keyRow) Key { return row.Key },
}

func (g *registers) foldKey(d *ledger.Decoded) error {
	row, err := g.keys.change(d)
	if err != nil {
		return err
	}
	s := row.held()
	applyTo(s, d)
	row.Status, row.Purpose, row.Algorithm, row.PublicKey = string(s.Status), string(s.Purpose), string(s.Algorithm), s.PublicKey
	row.Holder, row.Succeeds, row.Reason = s.Holder, s.Succeeds, s.Reason
	row.RevokedFrom, row.VouchedThrough = ledger.Position(s.RevokedFrom), ledger.Position(s.VouchedThrough)
	row.ProposedFrom, row.ProposedBy = 0, ""
	if p := s.Proposal; p != nil {
		row.ProposedFrom, row.ProposedBy = ledger.Position(p.From), p.By
	}
	if row.Holder == "" {
		row.Holder = s.Elsewhere
	}
	switch e := d.Event.(type) {
	case key.Enrolled:
		row.EnrolledAt, row.EnrolledOn, row.EnrolledBy = d.Position, g.day(d), d.Act.Actor
	case key.Retired, key.Revoked:
		if row.EndedAt == 0 {
			row.EndedAt = d.Position
		}
		row.EndedOn, row.EndedBy = g.day(d), d.Act.Actor
	case key.Vouched:
		row.VouchedBy = d.Act.Actor
	case key.Imported:
		row.Number, row.From, row.Until = e.Number, e.From, e.Until
	}
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}

// Key returns the key; nil when there is none to be seen.
func (r *Reader) Key(ctx context.Context, id domain.KeyID) (*Key, error) {
	return keyShelf.one(ctx, r, id)
}

// KeysByID returns those that are seen.
func (r *Reader) KeysByID(ctx context.Context, ids []domain.KeyID) (map[domain.KeyID]*Key, error) {
	return keyShelf.byID(ctx, r, ids)
}

// KeysBySucceeded returns the keys that replace each.
func (r *Reader) KeysBySucceeded(ctx context.Context, ids []domain.KeyID) (map[domain.KeyID][]Key, error) {
	return groupBy(ctx, r, keyShelf, "succeeds", ids, func(k *Key) domain.KeyID { return k.Succeeds })
}

// Keys lists the register of keys in the order of their enrolment, those of
// earlier systems first.
func (r *Reader) Keys(ctx context.Context, f KeyFilter, p Page) (*List[Key], error) {
	at := int64(f.CountedAt)
	return keyShelf.list(ctx, r, query.And(query.Eq("x.holder", f.Holder), query.Eq("x.purpose", f.Purpose), query.Eq("x.status", f.Status),
		query.If(at > 0, "x.enrolled_at > 0 AND x.enrolled_at < ? AND (x.ended_at = 0 OR x.ended_at >= ?) AND (x.revoked_from = 0 OR x.revoked_from > ?)", at, at, at),
		is("(x.proposed_from > 0)", f.Pending), is("x.imported", f.Imported)), p)
}
