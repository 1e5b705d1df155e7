package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestOpening(t *testing.T) {
	open := misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "a gift"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an inquiry is opened against officers",
			When: open, As: inspector,
			Then: []domain.Event{misconduct.Opened{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "a gift"}},
		},
		{
			Name: "a substantiated complaint opens one within a unit",
			When: misconduct.Open{Origin: misconduct.OriginComplaint, Complaint: "C1", Unit: "U3", Conduct: "a gift"}, As: domaintest.By(domain.ActorSystem, domain.RoleSystem),
			Then: []domain.Event{misconduct.Opened{Origin: misconduct.OriginComplaint, Complaint: "C1", Unit: "U3", Conduct: "a gift"}},
		},
		{
			Name: "an origin in a complaint names it",
			When: misconduct.Open{Origin: misconduct.OriginComplaint, Unit: "U3", Conduct: "a gift"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "complaint",
		},
		{
			Name: "what an inspection found names it",
			When: misconduct.Open{Origin: misconduct.OriginInspection, Inspection: "JC-1", Unit: "U3", Conduct: "a gift"}, As: inspector,
			Then: []domain.Event{misconduct.Opened{Origin: misconduct.OriginInspection, Inspection: "JC-1", Unit: "U3", Conduct: "a gift"}},
		},
		{
			Name: "and nothing else does",
			When: misconduct.Open{Origin: misconduct.OriginWarning, Inspection: "JC-1", Unit: "U3", Conduct: "a gift"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "inspection",
		},
		{
			Name: "an inspection has an id",
			When: misconduct.Open{Origin: misconduct.OriginInspection, Inspection: "an inspection", Unit: "U3", Conduct: "a gift"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "inspection",
		},
		{
			Name: "an unknown origin is refused",
			When: misconduct.Open{Origin: "rumour", Unit: "U3", Conduct: "a gift"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "origin",
		},
		{
			Name: "an inquiry is against somebody, or within a unit",
			When: misconduct.Open{Origin: misconduct.OriginWarning, Conduct: "a gift"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "an inquiry is into a conduct",
			When: misconduct.Open{Origin: misconduct.OriginWarning, Unit: "U3"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "conduct",
		},
		{
			Name: "an inquiry is opened once", Given: past(opened),
			When: open, As: inspector,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "a case of old is not opened anew", Given: past(oldFinding),
			When: open, As: inspector,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "nobody opens an inquiry against themselves",
			When: open, As: ownInspector,
			Refused: domain.CodeConflict, Field: "officers",
		},
		{
			Name: "a leader does not open",
			When: open, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestWideningTheScope(t *testing.T) {
	widen := misconduct.WidenScope{Officers: []domain.OfficerID{"P9"}, Conduct: "drove the car"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "the inquiry reaches a further officer", Given: underInquiry,
			When: widen, As: inspector,
			Then: []domain.Event{misconduct.ScopeWidened{Officers: []domain.OfficerID{"P9"}, Conduct: "drove the car"}},
		},
		{
			Name: "further conduct of an officer under inquiry reaches nobody else", Given: underInquiry,
			When: misconduct.WidenScope{Officers: []domain.OfficerID{"P7"}, Conduct: "a second gift"}, As: inspector,
			Then: []domain.Event{misconduct.ConductAdded{Officers: []domain.OfficerID{"P7"}, Conduct: "a second gift"}},
		},
		{
			Name: "of some under inquiry and some not each learns what is theirs", Given: underInquiry,
			When: misconduct.WidenScope{Officers: []domain.OfficerID{"P9", "P8", "P10", "P7"}, Conduct: "shared it"}, As: inspector,
			Then: []domain.Event{
				misconduct.ScopeWidened{Officers: []domain.OfficerID{"P9", "P10"}, Conduct: "shared it"},
				misconduct.ConductAdded{Officers: []domain.OfficerID{"P8", "P7"}, Conduct: "shared it"},
			},
		},
		{
			Name: "at least one officer is named", Given: underInquiry,
			When: misconduct.WidenScope{Conduct: "drove the car"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "the further conduct is named", Given: underInquiry,
			When: misconduct.WidenScope{Officers: []domain.OfficerID{"P7"}}, As: inspector,
			Refused: domain.CodeInvalid, Field: "conduct",
		},
		{
			Name: "an investigator does not come under inquiry in the own case", Given: underInquiry,
			When: misconduct.WidenScope{Officers: []domain.OfficerID{"inspector-lin"}, Conduct: "warned them"}, As: inspector,
			Refused: domain.CodeConflict, Field: "officers",
		},
		{
			Name: "a proposed finding must be rejected first", Given: judged,
			When: widen, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: widen, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry widens it", Given: underInquiry,
			When: widen, As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a leader does not widen it", Given: underInquiry,
			When: widen, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestNamingInvestigators(t *testing.T) {
	name := func(ids ...domain.ActorID) misconduct.NameInvestigators {
		return misconduct.NameInvestigators{Investigators: ids}
	}
	three := domain.CN2024()
	three.Inquiry.Investigators = 3
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "two are named", Given: past(opened),
			When: name("inspector-he", "inspector-lin"), As: leader,
			Then: []domain.Event{misconduct.InvestigatorsNamed{Investigators: []domain.ActorID{"inspector-he", "inspector-lin"}}},
		},
		{
			Name: "others replace them", Given: underInquiry,
			When: name("inspector-he", "inspector-xu"), As: inspector,
			Then: []domain.Event{misconduct.InvestigatorsNamed{Investigators: []domain.ActorID{"inspector-he", "inspector-xu"}}},
		},
		{
			Name: "one is too few", Given: past(opened),
			When: name("inspector-he"), As: leader,
			Refused: domain.CodeRule, Field: "investigators", Rule: "公职人员政务处分法 art. 42",
		},
		{
			Name: "the number is the rulebook's", Given: past(opened), Book: three,
			When: name("inspector-he", "inspector-lin"), As: leader,
			Refused: domain.CodeRule, Field: "investigators",
		},
		{
			Name: "the same person twice is one", Given: past(opened),
			When: name("inspector-he", "inspector-he"), As: leader,
			Refused: domain.CodeInvalid, Field: "investigators",
		},
		{
			Name: "nobody under inquiry investigates", Given: past(opened),
			When: name("inspector-he", "P7"), As: leader,
			Refused: domain.CodeConflict, Field: "investigators",
		},
		{
			Name: "after the confirmation nobody is named", Given: final,
			When: name("inspector-he", "inspector-xu"), As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: name("inspector-he", "inspector-lin"), As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry chooses their investigators", Given: past(opened),
			When: name("inspector-he", "inspector-lin"), As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a reaction does not name them", Given: past(opened),
			When: name("inspector-he", "inspector-lin"), As: domaintest.By(domain.ActorSystem, domain.RoleSystem),
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
