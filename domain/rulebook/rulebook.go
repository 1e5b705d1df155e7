// Package rulebook is the room of one jurisdiction's numbers (规则): which
// version of a rulebook the agency adopted, from which day to which, and by
// which file, told by its SHA-256 digest. Its id is the rulebook's own, such
// as "cn-2024".
//
// One version is in force on a day: periods never overlap, an amendment ends
// the version before it, and a rulebook that another supersedes ends the day
// before the other begins.
package rulebook

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("rulebook", "规则",
	[]domain.EventOf[Rulebook]{Adopted{}, Amended{}, Superseded{}, Imported{}},
	[]domain.CommandOf[Rulebook]{Adopt{}, Amend{}, Supersede{}, Import{}})

// Rulebook is the state of one rulebook: its versions in the order of their
// periods.
type Rulebook struct {
	Versions []Version
	// SupersededBy is the rulebook that took its place, if any.
	SupersededBy domain.RulebookID
}

// Version is one form of a rulebook and the days it is in force.
type Version struct {
	Version string
	// Digest of the file; "" where an imported one has none.
	Digest string
	// From and To are the first and the last day; a zero To means until
	// further notice.
	From domain.Date
	To   domain.Date
}

// on tells whether the version is in force on the day.
func (v Version) on(day domain.Date) bool {
	return !day.Before(v.From) && (v.To.IsZero() || !day.After(v.To))
}

// InForce returns the version in force on the day, and whether there is one.
func (r Rulebook) InForce(day domain.Date) (Version, bool) {
	i := slices.IndexFunc(r.Versions, func(v Version) bool { return v.on(day) })
	if i < 0 {
		return Version{}, false
	}
	return r.Versions[i], true
}

// last returns the version with the latest period.
func (r Rulebook) last() (Version, bool) {
	if len(r.Versions) == 0 {
		return Version{}, false
	}
	return r.Versions[len(r.Versions)-1], true
}

// put folds a version in at its place.
func (r *Rulebook) put(v Version) {
	r.Versions = append(slices.Clone(r.Versions), v)
	slices.SortStableFunc(r.Versions, func(a, b Version) int {
		switch {
		case a.From.Before(b.From):
			return -1
		case b.From.Before(a.From):
			return 1
		}
		return 0
	})
}

// endBefore folds the end of what is in force on the day before it.
func (r *Rulebook) endBefore(day domain.Date) {
	r.Versions = slices.Clone(r.Versions)
	for i, v := range r.Versions {
		if v.on(day) && v.From.Before(day) {
			r.Versions[i].To = day.AddDays(-1)
		}
	}
}

// known refuses a rulebook that was never adopted.
func (r Rulebook) known() error {
	if len(r.Versions) == 0 {
		return domain.Refuse(domain.CodeNotFound, "subject", "this rulebook was never adopted")
	}
	return nil
}

// fresh refuses a version or a file that was adopted before.
func (r Rulebook) fresh(version, digest string) error {
	for _, v := range r.Versions {
		if v.Version == version {
			return domain.Refuse(domain.CodeExists, "version", "version %s was adopted already", version)
		}
		if v.Digest == digest && digest != "" {
			return domain.Refuse(domain.CodeExists, "digest", "this file was adopted already as version %s", v.Version)
		}
	}
	return nil
}

// free refuses a period that is malformed or overlaps another version's.
func (r Rulebook) free(from, to domain.Date) error {
	if from.IsZero() {
		return domain.Refuse(domain.CodeInvalid, "validFrom", "is required")
	}
	if !to.IsZero() && to.Before(from) {
		return domain.Refuse(domain.CodeInvalid, "validTo", "%s lies before the first day, %s", to, from)
	}
	for _, v := range r.Versions {
		if (to.IsZero() || !v.From.After(to)) && (v.To.IsZero() || !from.After(v.To)) {
			return domain.Refuse(domain.CodeState, "validFrom", "version %s is in force then; amend it, or choose days outside its period", v.Version)
		}
	}
	return nil
}
