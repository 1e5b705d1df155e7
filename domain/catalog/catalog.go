// Package catalog lists the rooms of the domain. It is where those who
// store, decode, index, ask and document find every kind of event and every
// command; nothing registers itself.
package catalog

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
)

// New returns the catalog of all rooms, in the order in which a record grows.
func New() *domain.Catalog {
	return domain.NewCatalog(
		unit.Room,
		post.Room,
		officer.Room,
		norm.Room,
		enforcement.Room,
		inspection.Room,
		complaint.Room,
		misconduct.Room,
		traceback.Room,
		sanction.Room,
		reward.Room,
		plan.Room,
		warning.Room,
		rulebook.Room,
		key.Room,
		access.Room,
		activity.Room,
		disclosure.Room,
		programme.Room,
	)
}
