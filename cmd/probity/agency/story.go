package agency

import (
	"github.com/probity-ledger/probity/domain"
)

// Story tells what is in the agency: how much, what to look at, and as whom.
type Story struct {
	// Agency is the root of the organisation tree, with its names.
	Agency   domain.UnitID
	AgencyZh string
	AgencyEn string
	// Instructions were accepted, Events followed from them, RefusedOnPurpose
	// were attempts that the rules had to refuse and did.
	Instructions     int
	Events           int
	RefusedOnPurpose int
	// Planted are the stories a newcomer can find, in a fixed order.
	Planted []Planted
	// People are samples to sign in as, one for each kind of reader.
	People []Person
}

// Planted is one story laid into the agency, with where to find it.
type Planted struct {
	// Name is a short fixed name, such as "demerit-to-release".
	Name    string
	TitleZh string
	TitleEn string
	// Complete tells that the story came to its end before the history did;
	// in a history of one year some are still under way.
	Complete bool
	// Ref is where to begin: whose file or case to open.
	Ref domain.Ref
	// The ids of those concerned, where the story has them.
	Officer   domain.OfficerID
	Complaint domain.ComplaintID
	Case      domain.CaseID
	Sanction  domain.SanctionID
	Reward    domain.RewardID

	Plan        domain.PlanID
	Target      string // of the plan
	Traceback   domain.TracebackID
	Enforcement domain.EnforcementID
	Warning     domain.WarningID
	Programme   domain.ProgrammeID
}

// The names of the planted stories, which are their fixed order too.
const (
	storyDemerit = iota
	storyAppeal
	storyDismissedCase
	storyRevokedReward
	storyClean
	storyImported
	storyDismissal
	storyMissedTarget
	storySkippedHearing
	storyExpired
	storyOutlier
	storyCycle
	storySurvey2015
	storyAnonymous
	numStories
)

// Person is someone to sign in as.
type Person struct {
	// Role and Subject are for the token; Unit is the root of the part of the
	// tree the person may read, the agency itself where it is all of it.
	Role    domain.Role
	Subject domain.ActorID
	Unit    domain.UnitID
	// NameZh and NameLatin are how the person is called; empty for those of
	// other bodies.
	NameZh    string
	NameLatin string
	// Why says in a few words what to look at in this role.
	Why string
}

// tell finishes the story.
func (s *sim) tell() *Story {
	out := &s.story
	out.Agency, out.AgencyZh, out.AgencyEn = rootUnit, rootZh, rootEn
	sample := func(m *member, role domain.Role, unit domain.UnitID, why string) {
		out.People = append(out.People, Person{role, domain.ActorID(m.id), unit, m.zh, m.latin, why})
	}
	sample(s.staff.inspectors[0], domain.RoleInspector, rootUnit, "accountability histories of the whole agency")
	sample(s.staff.inspectors[1], domain.RoleInspector, "LP-CY", "the same, within one department")
	sample(s.staff.hr[0], domain.RoleHR, rootUnit, "personnel records, no complainants and no open inquiries")
	out.People = append(out.People, Person{domain.RoleAuditor, auditor, rootUnit, "", "", "everything not sealed, with envelopes to verify"})
	sample(s.staff.leaders[0], domain.RoleLeader, rootUnit, "findings, sanctions and rewards to decide")
	sample(s.staff.handlers[0], domain.RoleHandler, rootUnit, "the complaints assigned to one handler")
	sample(s.member(out.Planted[storyDemerit].Officer), domain.RoleOfficer, rootUnit, "one's own record file")
	return out
}

// storyIn returns the planted story, to be told further.
func (s *sim) storyIn(story int) *Planted { return &s.story.Planted[story] }

// plant names a story and the officer it is about.
func (s *sim) plant(story int, p Planted) *Planted {
	s.story.Planted[story] = p
	return &s.story.Planted[story]
}
