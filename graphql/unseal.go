package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
)

// Unsealed is the identity of a reporter that was opened, in plain words. It
// is for the answer alone: never kept, logged or loaded again.
type Unsealed struct {
	Complaint domain.ComplaintID
	// Event is the opening, as recorded.
	Event                                       domain.EventID
	Name, Phone, Email, Address, Document, Note string
}

// unsealing is what can be done by asking alone: to open an identity under
// seal, which is recorded before it is answered.
func (b *builder) unsealing() field {
	o := b.object("UnsealedReporter", "Who reported a complaint, opened from under its seal.")
	b.define(o,
		id("complaint", "The complaint.", func(x *Unsealed) domain.ComplaintID { return x.Complaint }),
		id("event", "The recorded event of this opening.", func(x *Unsealed) domain.EventID { return x.Event }),
		text("name", "Their name.", func(x *Unsealed) string { return x.Name }),
		text("phone", "Their telephone number.", func(x *Unsealed) string { return x.Phone }),
		text("email", "Their e-mail address.", func(x *Unsealed) string { return x.Email }),
		text("address", "Where they live or are written to.", func(x *Unsealed) string { return x.Address }),
		text("document", "The number of an identity document.", func(x *Unsealed) string { return x.Document }),
		text("note", "What else helps to find or to protect them.", func(x *Unsealed) string { return x.Note }))
	return rooted("unsealReporter",
		"Opens the sealed identity of who reported a complaint. For the role intake alone, of complaints that you see and have no tie to. "+
			"The opening is recorded first, with the reason; it cannot be taken back.",
		o, []argument{
			arg("complaint", gql.NewNonNull(gql.ID), "The complaint."),
			arg("reason", gql.NewNonNull(gql.String), "What the identity is needed for; others read it, so it says nothing of who they are."),
		}, func(r *request, in input) (any, error) {
			if r.service.config.Unseal == nil {
				return nil, domain.Refuse(domain.CodeForbidden, "", "this copy of the ledger is open for reading alone, and an opening is recorded; ask the server, or use 'probity export reporter'")
			}
			return found(r.service.config.Unseal(r.ctx, r.reader.Principal(), domain.ComplaintID(in.text("complaint")), in.text("reason")))
		})
}
