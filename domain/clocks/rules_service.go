package clocks

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
)

// officerRules are the deadlines of a person's service.
var officerRules = []*Rule{
	{
		Name: "officer.certificate", Chinese: "执法证到期", Owed: "renew the enforcement certificate",
		OwedChinese: "换发执法证",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Service.Certificate },
		Role:        domain.RoleHR, Personal: true, Breach: Visible,
		// Article D1: 60, 30 and 7 days before it expires.
		Marks: []Mark{{First, domain.Term{Length: 60, Unit: domain.Days}, 0}, {Second, domain.Term{Length: 30, Unit: domain.Days}, 0},
			{Third, domain.Term{Length: 7, Unit: domain.Days}, 0}, {Last, domain.Term{}, 100}},
		starts: []trigger[[]Opening]{
			startsBy(func(e officer.CertificateIssued) Opening { return Opening{On: e.ValidFrom, Due: e.ValidTo} }),
			startsBy(func(e officer.CertificateRenewed) Opening { return Opening{Due: e.ValidTo} }),
		},
		stops: []trigger[stop]{stops[officer.CertificateIssued](), stops[officer.CertificateRenewed](),
			stops[officer.CertificateRevoked](), stops[officer.Separated]()},
	},
	{
		Name: "officer.rotation", Chinese: "轮岗", Owed: "rotate the officer to another post",
		OwedChinese: "安排该人员轮岗",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Service.Rotation },
		Role:        domain.RoleHR, Personal: true, Breach: Visible,
		Marks: []Mark{{First, domain.Term{Length: 12, Unit: domain.Months}, 0}, {Second, domain.Term{Length: 6, Unit: domain.Months}, 0},
			{Third, domain.Term{Length: 3, Unit: domain.Months}, 0}, {Last, domain.Term{}, 100}},
		starts: []trigger[[]Opening]{
			on(func(e officer.Appointed, x scene) []Opening { return []Opening{stay(e.Post, e.HighRisk, e.On, x)} }),
			on(func(e officer.Rotated, x scene) []Opening { return []Opening{stay(e.To, e.HighRisk, e.On, x)} }),
		},
		stops: []trigger[stop]{
			stopsAt(func(e officer.Appointed) (string, domain.Date) { return anyKey, e.On }),
			stopsAt(func(e officer.Rotated) (string, domain.Date) { return anyKey, e.On }),
			stopsAt(func(e officer.Separated) (string, domain.Date) { return anyKey, e.On }),
		},
		changes: []trigger[change]{on(func(e officer.RotationDeferred, _ scene) change { return change{until: e.Until} })},
	},
}

// stay opens the longest stay in a post: that of the rulebook, shorter where
// the post carries high risk or has a stricter rule of its own.
func stay(in domain.PostID, highRisk bool, from domain.Date, x scene) Opening {
	rules := x.book.On(from).Service
	term := rules.Rotation
	if highRisk {
		term = rules.HighRiskRotation
	}
	if years := x.around.RotationYears(in); years > 0 && term.Unit == domain.Years && years < term.Length {
		term.Length = years
	}
	return Opening{On: from, Term: term}
}

// postRules are the deadlines of grading a post's risks (article I9).
var postRules = []*Rule{
	{
		Name: "post.rerate", Chinese: "岗位风险年度评级", Owed: "grade the risk again",
		OwedChinese: "重新评定岗位风险等级",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Service.ReRate },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e post.RiskGraded) Opening { return Opening{Key: e.Risk, Due: e.NextBy} })},
		stops:  []trigger[stop]{on(graded), stops[post.Closed]()},
	},
	{
		Name: "post.rerating_called", Chinese: "岗位风险重新评级", Owed: "grade every risk of the post anew",
		OwedChinese: "重新评定该岗位全部风险的等级",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Service.ReRate },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e post.ReratingRequired) Opening { return Opening{Key: e.Cause, Due: e.Due} })},
		stops: []trigger[stop]{
			on(func(e post.RiskGraded, x scene) stop {
				return stop{key: anyKey, none: e.NextBy.IsZero() || len(x.matter.Called) > 0}
			}),
			stops[post.Closed](),
		},
	},
}

// graded stops the clock of a risk when its last level graded it.
func graded(e post.RiskGraded, _ scene) stop { return stop{key: e.Risk, none: e.NextBy.IsZero()} }
