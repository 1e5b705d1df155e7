package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func (b *builder) defineComplaint() {
	type complaint = projections.Complaint
	key := func(c *complaint) domain.ComplaintID { return c.ID }
	b.define(b.complaint,
		id("id", "The id.", key),
		day("receivedOn", "The day of receipt.", func(c *complaint) domain.Date { return c.ReceivedOn }),
		text("category", "What it is about, in a word of the source.", func(c *complaint) string { return c.Category }),
		choice("channel", "How it came in; null for old history.", b.channel, func(c *complaint) string { return c.Channel }),
		text("summary", "What is complained about.", func(c *complaint) string { return c.Summary }),
		text("place", "Where it happened.", func(c *complaint) string { return c.Place }),
		flag("realName", "The reporter gave a real name 实名举报. Who it was is sealed.", func(c *complaint) bool { return c.RealName }),
		choice("status", "Where it stands.", b.complaintStatus, func(c *complaint) string { return c.Status }),
		choice("result", "What was concluded; null before.", b.complaintResult, func(c *complaint) string { return c.Result }),
		optionalID("handler", "The handler 承办人, by sign-in name.", func(c *complaint) domain.ActorID { return c.Handler }),
		day("due", "The last day for the conclusion.", func(c *complaint) domain.Date { return c.Due }),
		day("concludedOn", "The day of the conclusion 办结.", func(c *complaint) domain.Date { return c.ConcludedOn }),
		day("answeredOn", "The day of the answer to the reporter 答复.", func(c *complaint) domain.Date { return c.AnsweredOn }),
		choice("rating", "How the reporter rated the answer; null while they have not.", b.rating, func(c *complaint) string { return c.Rating }),
		flag("imported", importedDoc, func(c *complaint) bool { return c.Imported }),
		related("unit", "The unit complained about.", b.unit, loadUnit, func(c *complaint) domain.UnitID { return c.Unit }),
		related("post", "The post complained about.", b.post, loadPost, func(c *complaint) domain.PostID { return c.Post }),
		related("transferredTo", "The unit it was transferred to.", b.unit, loadUnit, func(c *complaint) domain.UnitID { return c.ToUnit }),
		relatedEach("officers", "Who is complained about, or was found responsible.", b.officer, loadOfficer, func(c *complaint) []domain.OfficerID { return c.Officers }),
		relatedAll("cases", "The misconduct cases it gave rise to.", b.misconduct,
			func(r *request) *loader[domain.ComplaintID, []projections.Case] { return &r.casesOfComplaint }, key),
		relatedAll("findings", "What was found of it.", b.finding,
			func(r *request) *loader[domain.ComplaintID, []projections.Finding] { return &r.findingsOfComplaint }, key),
		b.messages(),
		timelineOf(b, func(c *complaint) domain.Ref { return c.ID.Ref() }))
}

func (b *builder) defineMisconduct() {
	type misconduct = projections.Case
	key := func(c *misconduct) domain.CaseID { return c.ID }
	b.define(b.misconduct,
		id("id", "The id.", key),
		choice("status", "Where it stands.", b.caseStatus, func(c *misconduct) string { return c.Status }),
		choice("origin", "What it came from; null for old history.", b.caseOrigin, func(c *misconduct) string { return c.Origin }),
		text("summary", "The conduct inquired into.", func(c *misconduct) string { return c.Summary }),
		day("openedOn", "The day it was opened 立案.", func(c *misconduct) domain.Date { return c.OpenedOn }),
		day("decidedOn", "The day the finding was confirmed, or the case dismissed.", func(c *misconduct) domain.Date { return c.DecidedOn }),
		day("archivedOn", "The day it was archived.", func(c *misconduct) domain.Date { return c.ArchivedOn }),
		flag("imported", importedDoc, func(c *misconduct) bool { return c.Imported }),
		related("complaint", "The complaint it came from.", b.complaint, loadComplaint, func(c *misconduct) domain.ComplaintID { return c.Complaint }),
		related("inspection", "The inspection it came from.", b.inspection, loadInspection, func(c *misconduct) domain.InspectionID { return c.Inspection }),
		related("unit", "The unit concerned.", b.unit, loadUnit, func(c *misconduct) domain.UnitID { return c.Unit }),
		relatedEach("officers", "Who is inquired into.", b.officer, loadOfficer, func(c *misconduct) []domain.OfficerID { return c.Officers }),
		relatedAll("findings", "Its findings.", b.finding,
			func(r *request) *loader[domain.CaseID, []projections.Finding] { return &r.findingsOfCase }, key),
		relatedAll("sanctions", "The sanctions that followed from it.", b.sanction,
			func(r *request) *loader[domain.CaseID, []projections.Sanction] { return &r.sanctionsOfCase }, key),
		timelineOf(b, func(c *misconduct) domain.Ref { return c.ID.Ref() }))

	type finding = projections.Finding
	b.define(b.finding,
		id("id", "The id: the event behind it, and its place in the event where there are several.", func(f *finding) string { return f.ID }),
		long("position", "The place of that event in the ledger.", func(f *finding) ledger.Position { return f.Position }),
		text("category", "The allegation.", func(f *finding) string { return f.Category }),
		text("conduct", "The opinion on it.", func(f *finding) string { return f.Conduct }),
		choice("result", "What was found.", b.findingResult, func(f *finding) string { return f.Result }),
		choice("discipline", "What an imported source says about discipline.", b.discipline, func(f *finding) string { return f.Discipline }),
		text("measure", "The measure proposed with it.", func(f *finding) string { return f.Measure }),
		day("foundOn", "The day it was confirmed.", func(f *finding) domain.Date { return f.On }),
		day("deedOn", "The day of the conduct, its last day where it lasted.", func(f *finding) domain.Date { return f.DeedOn }),
		related("norm", "The text that was broken, where it is one kept here.", b.norm, loadNorm, func(f *finding) domain.NormID { return f.Norm }),
		plain("normVersion", "Its version in force on that day; null without a norm.", gql.Int, func(f *finding) any {
			if f.NormVersion == 0 {
				return nil
			}
			return f.NormVersion
		}),
		text("clause", "The clause of the norm, or the rule in words.", func(f *finding) string { return f.Clause }),
		flag("overturned", "An appeal annulled or replaced it; it stays on file.", func(f *finding) bool { return f.Overturned }),
		flag("imported", importedDoc, func(f *finding) bool { return f.Imported }),
		text("sourceDigest", "The digest of the record it was imported from.", func(f *finding) string { return f.Source }),
		id("eventId", "The id of the event behind it.", func(f *finding) domain.EventID { return f.Event }),
		related("event", "The event behind it.", b.event, loadEvent, func(f *finding) domain.EventID { return f.Event }),
		related("officer", "Whom it is on; null for somebody unidentified.", b.officer, loadOfficer, func(f *finding) domain.OfficerID { return f.Officer }),
		related("case", "The case.", b.misconduct, loadCase, func(f *finding) domain.CaseID { return f.Case }),
		related("complaint", "The complaint.", b.complaint, loadComplaint, func(f *finding) domain.ComplaintID { return f.Complaint }),
		related("unit", "The unit concerned.", b.unit, loadUnit, func(f *finding) domain.UnitID { return f.Unit }))
}

func (b *builder) defineSanction() {
	type sanction = projections.Sanction
	b.define(b.sanction,
		id("id", "The id.", func(s *sanction) domain.SanctionID { return s.ID }),
		text("measure", "The measure, a word of the rulebook's ladder such as \"major_demerit\" 记大过.", func(s *sanction) string { return s.Measure }),
		text("label", "The source's own word for an imported measure.", func(s *sanction) string { return s.Label }),
		choice("status", "Where it stands.", b.sanctionStatus, func(s *sanction) string { return s.Status }),
		plain("months", "The months of effect; null where the measure has no period.", gql.Int, func(s *sanction) any {
			if s.Months == 0 {
				return nil
			}
			return s.Months
		}),
		day("from", "The first day of effect.", func(s *sanction) domain.Date { return s.From }),
		day("until", "The last day of effect.", func(s *sanction) domain.Date { return s.Until }),
		flag("forGood", "It never ends.", func(s *sanction) bool { return s.ForGood }),
		day("decidedOn", "The day it took its present form.", func(s *sanction) domain.Date { return s.DecidedOn }),
		day("servedOn", "The day it was served 送达.", func(s *sanction) domain.Date { return s.ServedOn }),
		flag("executed", "Personnel carried it out 执行.", func(s *sanction) bool { return s.Executed }),
		day("deedOn", "The day of the conduct; null where nobody said.", func(s *sanction) domain.Date { return s.DeedOn }),
		text("rulebook", "The rulebook under which the measure was taken: of the day of the conduct, unless that of the decision is lighter 从旧兼从轻.", func(s *sanction) string { return string(s.Rulebook) }),
		text("rulebookVersion", "Its version.", func(s *sanction) string { return s.RulebookVersion }),
		flag("imported", importedDoc, func(s *sanction) bool { return s.Imported }),
		related("officer", "Against whom.", b.officer, loadOfficer, func(s *sanction) domain.OfficerID { return s.Officer }),
		related("case", "The case it followed from.", b.misconduct, loadCase, func(s *sanction) domain.CaseID { return s.Case }),
		timelineOf(b, func(s *sanction) domain.Ref { return s.ID.Ref() }))
}

func (b *builder) defineReward() {
	type reward = projections.Reward
	b.define(b.reward,
		id("id", "The id.", func(w *reward) domain.RewardID { return w.ID }),
		text("honour", "The honour.", func(w *reward) string { return w.Honour }),
		text("merit", "What it is for.", func(w *reward) string { return w.Merit }),
		choice("status", "Where it stands.", b.rewardStatus, func(w *reward) string { return w.Status }),
		day("grantedOn", "The day of the grant.", func(w *reward) domain.Date { return w.GrantedOn }),
		flag("imported", importedDoc, func(w *reward) bool { return w.Imported }),
		related("officer", "For whom.", b.officer, loadOfficer, func(w *reward) domain.OfficerID { return w.Officer }),
		related("unit", "For which unit.", b.unit, loadUnit, func(w *reward) domain.UnitID { return w.Unit }),
		timelineOf(b, func(w *reward) domain.Ref { return w.ID.Ref() }))
}
