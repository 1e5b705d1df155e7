package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

// oldRecords files one record of each room from the archive of the office
// that was dissolved.
func (b *bureau) oldRecords(p *play) {
	by, unit := actor{importer, domain.RoleImporter}, domain.UnitID("OLD-XP")
	// They are of the year before the history.
	from, to := p.begin.AddMonths(-12), p.begin.AddDays(-1)
	for _, r := range []struct {
		id      string
		command domain.Command
	}{
		{"cn-2018", rulebook.Import{Version: "1", Digest: digest("cn-2018"), ValidFrom: from.AddMonths(-36), ValidTo: to}},
		{"OLD-XP-ZD-02", norm.Import{Title: "查验作业规范 Rules of inspection", NormKind: norm.KindInternalRule, Unit: unit, From: from, Clauses: []norm.Clause{{Code: "1", Text: "双人查验 two inspect together"}}}},
		{"OLD-XP-JH-01", plan.Import{Title: "年度工作计划 Work plan", Unit: unit, From: from, To: to, Targets: 24, Met: 19}},
		{"OLD-XP-HD-07", activity.Import{ActivityKind: activity.KindWarningEducation, Format: activity.FormatFilm, Unit: unit, Topic: "警示教育片 A film", On: from.AddDays(60), Hours: 2, Attended: 41, Expected: 46}},
		{"OLD-XP-ZF-0410", enforcement.Import{ActKind: enforcement.KindPenalty, Unit: unit, PartyKind: enforcement.PartyOrganisation, Party: digest("party old"), DecidedOn: from.AddDays(90), Outcome: "罚款 fine", Clause: "实施条例 art. 15", Amount: 8_000_00}},
		{"OLD-XP-GS-0410", disclosure.Import{Title: "行政处罚决定 Penalty decision", Category: "decision", Medium: disclosure.MediumBoard, Unit: unit, PublishedOn: from.AddDays(97), Place: "溪浦码头 Xipu Wharf", About: "OLD-XP-ZF-0410"}},
		{"OLD-XP-JC-03", inspection.Import{Unit: unit, OpenedOn: from.AddDays(100), ClosedOn: from.AddDays(140), Basis: "年度检查 yearly check", Conclusion: "已整改 put right", Defects: 3}},
		{"OLD-XP-DC-01", traceback.Import{Unit: unit, Fault: "逾期未退税 refund overdue", Opinion: "科室负责人担责 the chief answers", ConcludedOn: from.AddDays(200)}},
		{"OLD-XP-YJ-05", warning.Import{Rule: "clock-overdue", Unit: unit, Explanation: "逾期 overdue", RaisedOn: from.AddDays(150), Outcome: "属实 true"}},
		{string(p.staff.hr[0].id), access.Import{Reader: "xp-personnel", Role: "人事 personnel", Why: "考察 appraisal", Count: 3, LastOn: from.AddMonths(5)}},
	} {
		p.do(by, r.id, r.command)
		p.minutes(1, 3)
	}
}
