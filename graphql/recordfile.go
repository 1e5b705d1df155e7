package graphql

import (
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/record"
)

// sourced are the fields of every entry of a file: the event behind it.
func sourced[T any](b *builder, source func(*T) *record.Source) []field {
	return []field{
		id("eventId", "The id of the event behind it.", func(o *T) domain.EventID { return source(o).Event }),
		word("kind", "The kind of that event.", func(o *T) domain.Kind { return source(o).Kind }),
		long("position", "Its place in the ledger.", func(o *T) ledger.Position { return source(o).Position }),
		moment("occurredAt", "When it happened in the world.", func(o *T) time.Time { return source(o).OccurredAt }),
		moment("recordedAt", "When the ledger recorded it.", func(o *T) time.Time { return source(o).RecordedAt }),
		flag("imported", importedDoc, func(o *T) bool { return source(o).Imported }),
		related("event", "That event.", b.event, loadEvent, func(o *T) domain.EventID { return source(o).Event }),
	}
}

// fileEntry declares the type of one sort of entry.
func fileEntry[T any](b *builder, name, doc string, source func(*T) *record.Source, own ...field) *gql.Object {
	t := b.object("File"+name, doc)
	b.define(t, own...)
	b.define(t, sourced(b, source)...)
	return t
}

// entries is the field of a file with all entries of one sort.
func entries[T any](name, doc string, typ *gql.Object, get func(*record.File) []T) field {
	return plain(name, doc, mustList(typ), func(f *record.File) any { return pointers(get(f)) })
}

func (b *builder) defineRecordFile() {
	source := b.object("FileSource", "The event behind something on file.")
	b.define(source, sourced(b, func(s *record.Source) *record.Source { return s })...)
	b.define(b.recordFile,
		id("officerId", "Whose file it is.", func(f *record.File) domain.OfficerID { return f.Officer }),
		related("officer", "The officer as they stand now.", b.officer, loadOfficer, func(f *record.File) domain.OfficerID { return f.Officer }),
		day("day", "The day that the file shows.", func(f *record.File) domain.Date { return f.Day }),
		plain("identity", "Who the officer is.", must(b.fileIdentity()), func(f *record.File) any { return &f.Identity }),
		choice("status", "The stage of service.", b.officerStatus, func(f *record.File) string { return f.Status }),
		plain("statusSince", "The event that brought it about.", source, func(f *record.File) any {
			if f.StatusSince.Event == "" {
				return nil
			}
			return &f.StatusSince
		}))
	b.defineService()
	b.defineConduct()
	head := b.object("FileHead", "What the file was made from. Two files with the same head are the same file.")
	b.define(head,
		long("position", "The position of its last event.", func(h *record.Head) ledger.Position { return h.Position }),
		number("events", "The number of its events.", func(h *record.Head) int { return h.Events }),
		word("hash", "The SHA-256 over the ids of its events, in order.", func(h *record.Head) string { return h.Hash }))
	b.define(b.recordFile,
		plain("head", "What the file was made from.", must(head), func(f *record.File) any { return &f.Head }),
		read("proof", "Every event of the whole file up to the last signed checkpoint, whatever moment was asked for, with the proof that none is left out, as 'probity verify --subject' checks it. For auditors alone; null when no index is signed yet.", gql.String, nil,
			func(r *request, f *record.File, _ input) (any, error) { return r.fileProof(f.Officer) }))
}

func (b *builder) fileIdentity() *gql.Object {
	type identity = record.Identity
	return fileEntry(b, "Identity", "Who an officer is.", func(i *identity) *record.Source { return &i.Source },
		text("name", "The name.", func(i *identity) string { return i.Name }),
		text("latinName", "The name in Latin letters, such as pinyin.", func(i *identity) string { return i.LatinName }),
		text("staffNumber", "The staff number.", func(i *identity) string { return i.StaffNumber }),
		text("rank", "The last rank conferred.", func(i *identity) string { return i.Rank }),
		day("enrolledOn", "The first day of service.", func(i *identity) domain.Date { return i.EnrolledOn }),
		day("separatedOn", "The day of leaving the service.", func(i *identity) domain.Date { return i.SeparatedOn }),
		text("separationReason", "Why they left it.", func(i *identity) string { return i.SeparationReason }),
		related("unit", "The unit where they serve.", b.unit, loadUnit, func(i *identity) domain.UnitID { return i.Unit }))
}

// defineService is the part of the file on posts, certificates, training,
// appraisals and interests.
func (b *builder) defineService() {
	postHeld := fileEntry(b, "Post", "One stay in a post 任职.", func(p *record.PostHeld) *record.Source { return &p.Source },
		related("post", "The post.", b.post, loadPost, func(p *record.PostHeld) domain.PostID { return p.Post }),
		optionalID("postId", "The post's id.", func(p *record.PostHeld) domain.PostID { return p.Post }),
		related("unit", "The unit of the post.", b.unit, loadUnit, func(p *record.PostHeld) domain.UnitID { return p.Unit }),
		flag("leader", "A post of the leadership.", func(p *record.PostHeld) bool { return p.Leader }),
		flag("highRisk", "A high-risk post, as of the appointment.", func(p *record.PostHeld) bool { return p.HighRisk }),
		day("from", "The first day.", func(p *record.PostHeld) domain.Date { return p.From }),
		day("to", "The first day out of the post; null while it is held.", func(p *record.PostHeld) domain.Date { return p.To }),
		day("deferredUntil", "How long rotation 轮岗 was put off.", func(p *record.PostHeld) domain.Date { return p.DeferredUntil }))
	rank := fileEntry(b, "Rank", "A rank conferred.", func(x *record.RankHeld) *record.Source { return &x.Source },
		word("rank", "The rank.", func(x *record.RankHeld) string { return x.Rank }),
		day("on", "Since when; null where old records do not say.", func(x *record.RankHeld) domain.Date { return x.On }))
	suspension := fileEntry(b, "Suspension", "A time off duty 停职, and the event that began it.", func(x *record.Suspension) *record.Source { return &x.Source },
		text("reason", "Why.", func(x *record.Suspension) string { return x.Reason }),
		related("case", "The case it went with; null when there is none, or you may not know.", b.misconduct, loadCase, func(x *record.Suspension) domain.CaseID { return x.Case }),
		day("from", "The first day.", func(x *record.Suspension) domain.Date { return x.From }),
		day("to", "The first day back on duty, or out of the service; null while it lasts.", func(x *record.Suspension) domain.Date { return x.To }))
	certificate := fileEntry(b, "Certificate", "One enforcement certificate 执法证.", func(c *record.Certificate) *record.Source { return &c.Source },
		text("number", "Its number.", func(c *record.Certificate) string { return c.Number }),
		day("validFrom", "The first day on which it is valid.", func(c *record.Certificate) domain.Date { return c.ValidFrom }),
		day("validTo", "The last day on which it is valid.", func(c *record.Certificate) domain.Date { return c.ValidTo }),
		choice("status", "Its state; a valid one may have run out.", b.certificateStatus, func(c *record.Certificate) string { return c.Status }))
	year := b.object("FileTrainingYear", "The training of one year.")
	b.define(year,
		number("year", "The year.", func(y *record.TrainingYear) int { return y.Year }),
		number("hours", "The hours.", func(y *record.TrainingYear) int { return y.Hours }))
	course := fileEntry(b, "Course", "One completed course.", func(c *record.Course) *record.Source { return &c.Source },
		text("course", "The course.", func(c *record.Course) string { return c.Course }),
		number("hours", "Its hours.", func(c *record.Course) int { return c.Hours }),
		day("on", "The day it was completed.", func(c *record.Course) domain.Date { return c.On }))
	appraisal := fileEntry(b, "Appraisal", "The appraisal 考核 of one year, corrections worked in.", func(a *record.Appraisal) *record.Source { return &a.Source },
		number("year", "The year.", func(a *record.Appraisal) int { return a.Year }),
		text("grade", "The grade, a word of the rulebook.", func(a *record.Appraisal) string { return a.Grade }),
		flag("corrected", "It was corrected later.", func(a *record.Appraisal) bool { return a.Corrected }))
	interest := fileEntry(b, "Interest", "A declared tie that calls for recusal 回避.", func(i *record.Interest) *record.Source { return &i.Source },
		text("nature", "What tie it is.", func(i *record.Interest) string { return i.Nature }),
		text("with", "With whom.", func(i *record.Interest) string { return i.With }),
		related("unit", "With which unit.", b.unit, loadUnit, func(i *record.Interest) domain.UnitID { return i.Unit }),
		related("officer", "With which officer.", b.officer, loadOfficer, func(i *record.Interest) domain.OfficerID { return i.Officer }),
		day("until", "The last day on which it stands.", func(i *record.Interest) domain.Date { return i.Until }))
	b.define(b.recordFile,
		entries("posts", "The posts held, in order.", postHeld, func(f *record.File) []record.PostHeld { return f.Posts }),
		entries("ranks", "The ranks conferred, in order.", rank, func(f *record.File) []record.RankHeld { return f.Ranks }),
		entries("suspensions", "The suspensions from duty.", suspension, func(f *record.File) []record.Suspension { return f.Suspensions }),
		entries("certificates", "The certificates.", certificate, func(f *record.File) []record.Certificate { return f.Certificates }),
		entries("training", "The hours of training by year.", year, func(f *record.File) []record.TrainingYear { return f.Training }),
		entries("courses", "The courses completed.", course, func(f *record.File) []record.Course { return f.Courses }),
		entries("appraisals", "The yearly appraisals.", appraisal, func(f *record.File) []record.Appraisal { return f.Appraisals }),
		entries("indicators", "What each year is graded by.", b.yearIndicators(), func(f *record.File) []record.YearIndicators { return f.Indicators }),
		entries("interests", "The declared interests.", interest, func(f *record.File) []record.Interest { return f.Interests }))
}

// yearIndicators is what the work of a year is graded by.
func (b *builder) yearIndicators() *gql.Object {
	indicator := b.object("AppraisalIndicator", "A duty by which the work of a year is graded 考核指标.")
	b.define(indicator,
		word("indicator", "Its code.", func(i *officer.Indicator) string { return i.Indicator }),
		text("duty", "What is to be done, and how one will see it.", func(i *officer.Indicator) string { return i.Duty }),
		word("basis", "What it rests on: performance, superiors, public or conduct.", func(i *officer.Indicator) officer.Basis { return i.Basis }),
		number("weight", "Its share in the grade, in per cent.", func(i *officer.Indicator) int { return i.Weight }))
	return fileEntry(b, "Indicators", "What the work of one year is graded by, as laid down last.", func(y *record.YearIndicators) *record.Source { return &y.Source },
		number("year", "The year.", func(y *record.YearIndicators) int { return y.Year }),
		plain("indicators", "Its indicators.", mustList(indicator), func(y *record.YearIndicators) any { return pointers(y.Indicators) }))
}

// defineConduct is the part of the file on complaints, findings, measures
// and honours.
func (b *builder) defineConduct() {
	restriction := fileEntry(b, "Restriction", "What one sanction bars.", func(x *record.Restriction) *record.Source { return &x.Source },
		related("sanction", "The sanction.", b.sanction, loadSanction, func(x *record.Restriction) domain.SanctionID { return x.Sanction }),
		text("measure", "Its measure.", func(x *record.Restriction) string { return x.Measure }),
		day("from", "The first day.", func(x *record.Restriction) domain.Date { return x.From }),
		day("until", "The last day.", func(x *record.Restriction) domain.Date { return x.Until }),
		flag("forGood", "It never ends.", func(x *record.Restriction) bool { return x.ForGood }),
		flag("barsPromotion", "No promotion.", func(x *record.Restriction) bool { return x.BarsPromotion }),
		flag("barsPayRise", "No rise of the pay step.", func(x *record.Restriction) bool { return x.BarsPayRise }),
		flag("barsHonours", "No honours.", func(x *record.Restriction) bool { return x.BarsHonours }))
	inquiry := fileEntry(b, "Inquiry", "An open inquiry.", func(i *record.Inquiry) *record.Source { return &i.Source },
		related("case", "The case.", b.misconduct, loadCase, func(i *record.Inquiry) domain.CaseID { return i.Case }))
	b.define(b.recordFile,
		entries("restrictions", "What is barred on the day of the file.", restriction, func(f *record.File) []record.Restriction { return f.Restrictions }),
		plain("barred", "An open inquiry bars transfer, promotion, reward and retirement; null when you may not know.", gql.Boolean, func(f *record.File) any {
			if f.Barred == nil {
				return nil
			}
			return *f.Barred
		}),
		plain("inquiries", "The open inquiries; null when you may not know.", listOf(inquiry), func(f *record.File) any {
			if f.Barred == nil || (*f.Barred && len(f.Inquiries) == 0) {
				return nil // personnel know of the bar, not of what it is for
			}
			return pointers(f.Inquiries)
		}),
		entries("sanctions", "The sanctions.", b.fileSanction(), func(f *record.File) []record.Sanction { return f.Sanctions }),
		entries("rewards", "The honours.", b.fileReward(), func(f *record.File) []record.Reward { return f.Rewards }),
		entries("findings", "The findings.", b.fileFinding(), func(f *record.File) []record.Finding { return f.Findings }),
		entries("complaints", "The complaints that named them or found them responsible.", b.fileComplaint(), func(f *record.File) []record.Complaint { return f.Complaints }),
		plain("readings", "Who read the file 查阅记录, in the order of the ledger; null when you may not know.", listOf(b.fileReading()), func(f *record.File) any {
			if f.Readings == nil {
				return nil
			}
			return pointers(f.Readings)
		}))
}

func (b *builder) fileReading() *gql.Object {
	type reading = record.Reading
	return fileEntry(b, "ReadingEntry", "Somebody read the file, and the event that notes it.", func(x *reading) *record.Source { return &x.Source },
		optionalID("by", "Who, by sign-in name.", func(x *reading) domain.ActorID { return x.By }),
		text("role", "In which role, a word of the ledger or of old records.", func(x *reading) string { return x.Role }),
		text("why", "What for.", func(x *reading) string { return x.Why }),
		number("count", "How often.", func(x *reading) int { return x.Count }),
		optionalMoment("from", "The first time; null where old records do not say.", func(x *reading) time.Time { return x.From }),
		optionalMoment("to", "The last time; of old records, the day.", func(x *reading) time.Time { return x.To }))
}

func (b *builder) fileSanction() *gql.Object {
	type sanction = record.Sanction
	return fileEntry(b, "Sanction", "One measure against the officer, and the event that gave it its present status.",
		func(s *sanction) *record.Source { return &s.Source },
		id("id", "The sanction's id.", func(s *sanction) domain.SanctionID { return s.ID }),
		related("sanction", "The sanction as it stands now.", b.sanction, loadSanction, func(s *sanction) domain.SanctionID { return s.ID }),
		related("case", "The case it followed from.", b.misconduct, loadCase, func(s *sanction) domain.CaseID { return s.Case }),
		text("measure", "The measure, a word of the rulebook's ladder.", func(s *sanction) string { return s.Measure }),
		text("label", "The source's own word for an imported measure.", func(s *sanction) string { return s.Label }),
		choice("status", "Where it stands.", b.sanctionStatus, func(s *sanction) string { return s.Status }),
		number("months", "The months of effect; 0 where the measure has no period.", func(s *sanction) int { return s.Months }),
		day("from", "The first day of effect.", func(s *sanction) domain.Date { return s.From }),
		day("until", "The last day of effect.", func(s *sanction) domain.Date { return s.Until }),
		flag("forGood", "It never ends.", func(s *sanction) bool { return s.ForGood }),
		flag("inForce", "In effect on the day of the file.", func(s *sanction) bool { return s.InForce }),
		day("servedOn", "The day it was served.", func(s *sanction) domain.Date { return s.ServedOn }),
		flag("executed", "Personnel carried it out.", func(s *sanction) bool { return s.Executed }),
		day("deedOn", "The day of the conduct; null where nobody said.", func(s *sanction) domain.Date { return s.DeedOn }),
		text("rulebook", "The rulebook under which the measure was taken: of the day of the conduct, unless that of the decision is lighter 从旧兼从轻.", func(s *sanction) string { return string(s.Rulebook) }),
		text("rulebookVersion", "Its version.", func(s *sanction) string { return s.RulebookVersion }))
}

func (b *builder) fileReward() *gql.Object {
	type reward = record.Reward
	return fileEntry(b, "Reward", "One honour, and the event that gave it its present status.", func(w *reward) *record.Source { return &w.Source },
		id("id", "The reward's id.", func(w *reward) domain.RewardID { return w.ID }),
		related("reward", "The reward as it stands now.", b.reward, loadReward, func(w *reward) domain.RewardID { return w.ID }),
		text("honour", "The honour.", func(w *reward) string { return w.Honour }),
		text("merit", "What it is for.", func(w *reward) string { return w.Merit }),
		choice("status", "Where it stands.", b.rewardStatus, func(w *reward) string { return w.Status }),
		day("grantedOn", "The day of the grant.", func(w *reward) domain.Date { return w.On }))
}

func (b *builder) fileFinding() *gql.Object {
	type finding = record.Finding
	return fileEntry(b, "Finding", "What was found of one allegation against the officer.", func(f *finding) *record.Source { return &f.Source },
		id("id", "The finding's id.", func(f *finding) string { return f.ID }),
		related("case", "The case.", b.misconduct, loadCase, func(f *finding) domain.CaseID { return f.Case }),
		related("complaint", "The complaint.", b.complaint, loadComplaint, func(f *finding) domain.ComplaintID { return f.Complaint }),
		related("unit", "The unit concerned.", b.unit, loadUnit, func(f *finding) domain.UnitID { return f.Unit }),
		text("category", "The allegation.", func(f *finding) string { return f.Category }),
		choice("result", "What was found.", b.findingResult, func(f *finding) string { return f.Result }),
		choice("discipline", "What an imported source says about discipline.", b.discipline, func(f *finding) string { return f.Discipline }),
		text("measure", "The measure proposed with it.", func(f *finding) string { return f.Measure }),
		text("opinion", "The opinion on it.", func(f *finding) string { return f.Opinion }),
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
		flag("overturned", "An appeal annulled or replaced it; it stays on file.", func(f *finding) bool { return f.Overturned }))
}

func (b *builder) fileComplaint() *gql.Object {
	type complaint = record.Complaint
	return fileEntry(b, "Complaint", "A complaint that named the officer, or found them responsible.", func(c *complaint) *record.Source { return &c.Source },
		id("id", "The complaint's id.", func(c *complaint) domain.ComplaintID { return c.ID }),
		related("complaint", "The complaint as it stands now.", b.complaint, loadComplaint, func(c *complaint) domain.ComplaintID { return c.ID }),
		related("unit", "The unit complained about.", b.unit, loadUnit, func(c *complaint) domain.UnitID { return c.Unit }),
		day("receivedOn", "The day of receipt.", func(c *complaint) domain.Date { return c.ReceivedOn }),
		text("category", "What it is about.", func(c *complaint) string { return c.Category }),
		text("summary", "What is complained about; null when you may not read it.", func(c *complaint) string { return c.Summary }),
		choice("status", "Where it stands.", b.complaintStatus, func(c *complaint) string { return c.Status }),
		choice("result", "What was concluded.", b.complaintResult, func(c *complaint) string { return c.Result }),
		flag("responsible", "The conclusion found this officer responsible.", func(c *complaint) bool { return c.Responsible }),
		flag("final", "There is an outcome.", func(c *complaint) bool { return c.Final }),
		day("concludedOn", "The day of the last conclusion.", func(c *complaint) domain.Date { return c.ConcludedOn }),
		day("answeredOn", "The day of the last answer to the reporter.", func(c *complaint) domain.Date { return c.AnsweredOn }))
}
