package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections/query"
)

// Told is what a reporter is told of their complaint: how it stands, and
// nothing of who works on it, whom it is about or what was found of them.
type Told struct {
	ID     domain.ComplaintID
	Status string
	// Result is empty until the reporter was answered: it is not for a page to
	// tell it first.
	Result                                   string
	ReceivedOn, Due, ConcludedOn, AnsweredOn domain.Date
}

// Told returns the complaint by what is kept of its receipt code; nil where
// there is none. It is for the public alone: everybody else has a name, by
// which they see what they may.
func (r *Reader) Told(ctx context.Context, hash string) (*Told, error) {
	if r.who.Role != domain.RolePublic || hash == "" {
		return nil, nil
	}
	rows, err := loadAll(ctx, r, complaintTable, query.C("x.id = (SELECT complaint FROM receipts WHERE hash = ?)", hash), "x.id")
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	c := rows[0]
	told := &Told{ID: c.ID, Status: c.Status, ReceivedOn: c.ReceivedOn, Due: c.Due, ConcludedOn: c.ConcludedOn, AnsweredOn: c.AnsweredOn}
	if !c.AnsweredOn.IsZero() {
		told.Result = c.Result
	}
	return told, nil
}

// Addressees are the open units by their ids, names, kinds and parents: what a
// complaint can be about. It is for the public alone.
func (r *Reader) Addressees(ctx context.Context) ([]Unit, error) {
	if r.who.Role != domain.RolePublic {
		return nil, nil
	}
	rows, err := loadAll(ctx, r, unitTable, query.C("x.status = ?", string(unit.StatusOpen)), "x.id")
	out := make([]Unit, len(rows))
	for i, u := range rows {
		out[i] = Unit{ID: u.ID, Name: u.Name, NameEn: u.NameEn, Kind: u.Kind, Parent: u.Parent}
	}
	return out, err
}
