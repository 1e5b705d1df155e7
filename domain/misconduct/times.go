package misconduct

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// notBefore refuses a step that is said to have happened before the one that
// it follows and that started its term.
func notBefore(act domain.Act, start time.Time, what string) error {
	if act.OccurredAt.Before(start) {
		return domain.Refuse(domain.CodeInvalid, "occurredAt", "%s lies before %s, at %s", act.OccurredAt.Format(time.RFC3339), what, start.Format(time.RFC3339))
	}
	return nil
}

// recorded returns the act as of the moment it was recorded: who keeps a term
// of their own keeps it by recording, not by what they say of the day.
func recorded(act domain.Act) domain.Act {
	if act.RecordedAt.After(act.OccurredAt) {
		act.OccurredAt = act.RecordedAt
	}
	return act
}

// asked returns the act as it counts for the term of somebody who asks for an
// appeal. Officers who ask for themselves ask when it is recorded; what an
// inspector files for them was handed in on the day that is said.
func asked(act domain.Act) domain.Act {
	if act.Role == domain.RoleOfficer {
		return recorded(act)
	}
	return act
}
