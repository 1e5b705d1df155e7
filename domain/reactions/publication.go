package reactions

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// A reaction knows its event alone, and the review of an act does not say
// where the act was published. So an item tells its act that it is there, and
// the act calls back what it knows of.

func notePublication(cause domain.Act, e disclosure.Due) []domain.Instruction {
	if e.About == "" {
		return nil
	}
	return []domain.Instruction{tell(e.About, enforcement.NotePublication{Disclosure: domain.DisclosureID(cause.Subject)})}
}

func withdrawRecalled(cause domain.Act, e enforcement.PublicationsRecalled) []domain.Instruction {
	var out []domain.Instruction
	for _, d := range e.Disclosures {
		out = append(out, tell(d, disclosure.RequireWithdrawal{Cause: domain.EnforcementID(cause.Subject)}))
	}
	return out
}
