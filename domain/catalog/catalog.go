// Package catalog lists the rooms of the domain. It is where those who
// store, decode, index, ask and document find every kind of event and every
// command; nothing registers itself.
package catalog

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reward"
)

// New returns the catalog of all rooms, in the order of DOMAIN.md.
func New() *domain.Catalog {
	return domain.NewCatalog(
		reward.Room,
	)
}
