package house

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/projections"
)

// Reporter is who reported, in plain words: held for the length of a call,
// never recorded, logged or shown but to whoever opens it.
type Reporter struct {
	Name  string `json:"name,omitzero"`
	Phone string `json:"phone,omitzero"`
	Email string `json:"email,omitzero"`
	// Address is where they live or are written to.
	Address string `json:"address,omitzero"`
	// Document is the number of an identity document 证件号码.
	Document string `json:"document,omitzero"`
	// Note is what else helps to find or to protect them.
	Note string `json:"note,omitzero"`
}

const (
	// maxReporterText bounds each field, in bytes.
	maxReporterText = 1 << 10
	// reporterField is the field whose text is sealed, on a complaint.
	reporterField = "reporter"
)

// check refuses an identity that says nothing, or too much. It never repeats
// a word of it.
func (r *Reporter) check() error {
	if *r == (Reporter{}) {
		return domain.Refuse(domain.CodeInvalid, reporterField, "says nothing; give at least one of name, phone, email, address, document, note, or leave it out")
	}
	for _, f := range []struct{ name, text string }{{"name", r.Name}, {"phone", r.Phone}, {"email", r.Email}, {"address", r.Address}, {"document", r.Document}, {"note", r.Note}} {
		if len(f.text) > maxReporterText {
			return domain.Refuse(domain.CodeInvalid, reporterField+"."+f.name, "is %d bytes long, at most %d are allowed", len(f.text), maxReporterText)
		}
	}
	return nil
}

// text is the plain text to seal.
func (r *Reporter) text() ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, errors.New("the reporter cannot be written as JSON") // and not why: that may tell
	}
	return filled(text), nil
}

// Unsealed is an identity that was opened.
type Unsealed struct {
	Complaint domain.ComplaintID `json:"complaint"`
	Reporter  Reporter           `json:"reporter"`
	// Event is the recorded opening.
	Event domain.EventID `json:"event"`
}

// Unseal opens the identity of the reporter of a complaint that the principal
// sees, and gives it out once the opening is recorded, with its reason.
// Whatever stands against it is a *domain.Refusal. The views must be open.
func (h *House) Unseal(ctx context.Context, who projections.Principal, id domain.ComplaintID, reason string) (*Unsealed, error) {
	command := complaint.UnsealReporter{Reason: reason}
	if who.Role != domain.RoleIntake {
		return nil, domain.Refuse(domain.CodeForbidden, "role", "only %s opens the identity of a reporter", domain.RoleIntake)
	}
	if err := domain.CheckID("complaint", id); err != nil {
		return nil, err
	}
	seen, err := h.Views.As(who).Complaint(ctx, id)
	if err != nil {
		return nil, err
	}
	if seen == nil {
		return nil, domain.Refuse(domain.CodeNotFound, "complaint", "there is no complaint %s that %s sees", id, who.Subject)
	}
	at := reporterPlace(string(id))
	on, err := h.reporterOn(ctx, at.Stream, "")
	if err != nil {
		return nil, err
	}
	out := &Unsealed{Complaint: id}
	if !on.erased && on.sealed.Key != "" {
		// What does not open is no opening. Nothing is given out before the
		// event.
		text, err := h.open(on.sealed, at)
		if err != nil {
			return nil, fmt.Errorf("open the identity sealed on %s: %w", at.Stream, err)
		}
		if json.Unmarshal(text, &out.Reporter) != nil {
			return nil, fmt.Errorf("open the identity sealed on %s: it is of a form this version does not read", at.Stream)
		}
	}
	receipt, err := h.Record(ctx, domain.Instruction{ID: "unseal:" + uuid.NewString(), Command: command,
		Act: domain.Act{Subject: string(id), Actor: domain.ActorID(who.Subject), Role: who.Role}})
	if err != nil {
		return nil, err
	}
	out.Event = receipt.Events[0]
	return out, nil
}
