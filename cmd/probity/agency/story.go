package agency

import (
	"github.com/probity-ledger/probity/domain"
)

// Story tells what is in the district: how much, what to look at, and as whom.
type Story struct {
	// Agencies are those that were played, in their order.
	Agencies []Agency
	// Instructions were accepted, Events followed from them, RefusedOnPurpose
	// were attempts that the rules had to refuse and did.
	Instructions     int
	Events           int
	RefusedOnPurpose int
	// Planted are the stories a newcomer can find, in a fixed order.
	Planted []Planted
	// Followed are the warnings that the ledger raised at night, and those that
	// an inspector raised by hand, in the order of time.
	Followed []*Followed
	// People are samples to sign in as, one for each kind of reader.
	People []Person
}

// The district, in Chinese and in English.
const (
	DistrictZh = "临浦区"
	DistrictEn = "Linpu District"
)

// Agency is one agency that was played: the root of its tree, with its names.
type Agency struct {
	Unit domain.UnitID
	Zh   string
	En   string
}

// Planted is one story laid into an agency, with where to find it.
type Planted struct {
	// Agency is the root of the agency it happens in.
	Agency domain.UnitID
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
	storyMissedTarget
	storySkippedHearing
	storyExpired
	storyOutlier
	storyAnonymous
	storyAppeal
	storyDismissal
	storyDismissedCase
	storyRevokedReward
	storyClean
	storyImported
	storyCycle
	storySurvey2015
	numStories
)

// Person is someone to sign in as.
type Person struct {
	// Role and Subject are for the token; Units are the roots of the parts of
	// the tree the person may read, none where it is the whole ledger.
	Role    domain.Role
	Subject domain.ActorID
	Units   []domain.UnitID
	// Agency is the root of the agency they are of; empty for those outside.
	Agency domain.UnitID
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
	var all []domain.UnitID
	for _, b := range s.bureaus {
		out.Agencies = append(out.Agencies, Agency{b.profile.unit(""), b.profile.zh, b.profile.en})
		all = append(all, b.profile.unit(""))
	}
	out.People = []Person{
		{domain.RoleOverseer, overseer.id, all, "", overseerZh, overseerEn, "the programmes and statistics of all agencies, no person's file"},
		{domain.RoleAuditor, auditor, nil, "", "", "", "everything not sealed, with envelopes to verify"},
	}
	for _, b := range s.bureaus {
		out.People = append(out.People, b.people()...)
	}
	return out
}

// people are samples of the agency to sign in as.
func (b *bureau) people() []Person {
	root, staff := b.profile.unit(""), b.staff
	sample := func(m *member, role domain.Role, unit domain.UnitID, why string) Person {
		return Person{role, domain.ActorID(m.id), []domain.UnitID{unit}, root, m.zh, m.latin, why}
	}
	out := []Person{
		sample(staff.leaders[0], domain.RoleLeader, root, "plans, findings, sanctions and rewards to decide"),
		sample(staff.inspectors[0], domain.RoleInspector, root, "accountability histories of the whole agency"),
	}
	if b.index > 0 {
		return out
	}
	out = append(out,
		sample(staff.inspectors[1], domain.RoleInspector, b.profile.unit(b.profile.sample), "the same, within one department"),
		sample(staff.hr[0], domain.RoleHR, root, "personnel records, no complainants and no open inquiries"),
		sample(staff.intake[0], domain.RoleIntake, root, "complaints as they come in"),
		sample(staff.handlers[0], domain.RoleHandler, root, "the complaints assigned to one handler"))
	if b.tells(storyDemerit) {
		out = append(out, sample(b.member(b.storyIn(storyDemerit).Officer), domain.RoleOfficer, root, "one's own record file"))
	}
	return out
}

// storyIn returns the planted story, to be told further.
func (s *sim) storyIn(story int) *Planted { return &s.story.Planted[story] }

// plant names a story and the officer it is about.
func (s *sim) plant(story int, p Planted) *Planted {
	s.story.Planted[story] = p
	return &s.story.Planted[story]
}
