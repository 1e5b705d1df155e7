package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rulebook holds every number and every grant of authority of a
// jurisdiction. No number of a rule stands anywhere else.
//
// A Rulebook is read-only once made; share it freely.
type Rulebook struct {
	// ID and Name, such as "cn-2024".
	ID   string
	Name string
	// Version tells the forms of one rulebook apart.
	Version string
	// ValidFrom and ValidTo are the first and last day in force; a zero
	// ValidTo means until further notice.
	ValidFrom Date
	ValidTo   Date
	Calendar  Calendar
	// Authority overrides, per command, the roles that may give it.
	Authority map[CommandName][]Role

	Complaint ComplaintRules
	Inquiry   InquiryRules
	Sanction  SanctionRules
	Reward    RewardRules
	Post      PostRules
	Service   ServiceRules
	Appraisal AppraisalRules
	Traceback TracebackRules
	Warning   WarningRules

	Reporting  ReportingRules
	Findings   FindingRules
	Limitation LimitationRules
	Matrix     MatrixRules

	Norm        NormRules
	Enforcement EnforcementRules
	Inspection  InspectionRules

	Plan       PlanRules
	Activity   ActivityRules
	Disclosure DisclosureRules
	Programme  ProgrammeRules
	Indicators IndicatorRules

	Key             KeyRules
	AuthorSignature AuthorSignatureRules

	// shelf holds the rulebooks of other days (On); nil for one that stands
	// alone.
	shelf *Shelf
}

// MayGive lists the roles that may give the command.
func (b *Rulebook) MayGive(c Command) []Role {
	if by, ok := b.Authority[c.Name()]; ok {
		return by
	}
	return c.By()
}

// Unit is the unit a term is counted in.
type Unit string

// The units of terms.
const (
	Days     Unit = "days"     // calendar days 日
	Workdays Unit = "workdays" // working days 工作日
	Months   Unit = "months"   // calendar months 月
	Years    Unit = "years"    // calendar years 年
)

// Term is a length of time that a rule sets, and where it is written.
type Term struct {
	Length int
	Unit   Unit
	// Source is the statute and article, or "common practice".
	Source string
}

// IsZero tells the absent term.
func (t Term) IsZero() bool { return t.Length == 0 }

// Chinese writes the length of the term: 5个工作日, 12个月.
func (t Term) Chinese() string {
	unit := map[Unit]string{Workdays: "个工作日", Months: "个月", Years: "年"}[t.Unit]
	if unit == "" {
		unit = "日"
	}
	return strconv.Itoa(t.Length) + unit
}

// SourceChinese writes a source in Chinese: 通行做法 where it is common practice,
// 公务员法第88条 where it is an article, and as it is otherwise.
func SourceChinese(source string) string {
	if source == "common practice" {
		return "通行做法"
	}
	law, article, ok := strings.Cut(source, " art. ")
	if _, err := strconv.Atoi(article); !ok || err != nil {
		return source
	}
	return law + "第" + article + "条"
}

// After returns the last day of the term that starts on the given day: the
// starting day itself is not counted (civil code art. 201).
func (t Term) After(start Date, cal Calendar) Date {
	switch t.Unit {
	case Workdays:
		return cal.AddWorkdays(start, t.Length)
	case Months:
		return start.AddMonths(t.Length)
	case Years:
		return start.AddMonths(12 * t.Length)
	}
	return start.AddDays(t.Length)
}

// Calendar knows days: in which zone they begin, and on which people work.
type Calendar struct {
	// Zone is where a day begins.
	Zone *time.Location
	// Holidays are weekdays without work; MakeUpDays are days of a weekend
	// with work (调休).
	Holidays   map[Date]bool
	MakeUpDays map[Date]bool
}

// Day returns the day on which t falls in the calendar's zone.
func (c Calendar) Day(t time.Time) Date {
	if c.Zone == nil {
		return DateOf(t.UTC())
	}
	return DateOf(t.In(c.Zone))
}

// IsWorkday tells whether people work on the day.
func (c Calendar) IsWorkday(d Date) bool {
	if c.MakeUpDays[d] {
		return true
	}
	wd := d.Weekday()
	return wd != time.Saturday && wd != time.Sunday && !c.Holidays[d]
}

// AddWorkdays returns the n-th working day after d.
func (c Calendar) AddWorkdays(d Date, n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if c.IsWorkday(d) {
			n--
		}
	}
	return d
}

// ComplaintRules are the terms of a complaint's life.
type ComplaintRules struct {
	Route           Term   // screen, then accept, decline or transfer 受理或转送
	ContestTransfer Term   // the receiving body contests a transfer 转送异议
	Handle          Term   // from acceptance to conclusion 办理
	Extension       Term   // the most it may be extended by, once 延长
	AskReview       Term   // the complainant asks for a review 申请复查
	DecideReview    Term   // the review is decided 复查
	AskReReview     Term   // the complainant asks for the re-review 申请复核
	DecideReReview  Term   // the re-review is decided 复核
	NotifyRealName  Term   // a real-name reporter is told of acceptance 实名举报受理告知
	AnswerRealName  Term   // and of the result 实名举报结果反馈
	BarRecused      string // source of the rule of recusal 回避
}

// InquiryRules govern a misconduct case.
type InquiryRules struct {
	// Investigators is the least number of investigators, with its source.
	Investigators       int
	InvestigatorsSource string
	// DueProcess is the source of notice, defence, and of the rule that a
	// defence never makes the outcome heavier.
	DueProcess string
	// ConfirmerSource is the source of "finder and confirmer differ".
	ConfirmerSource string
	AskAppeal       Term // apply for 复审
	DecideAppeal    Term // decide the 复审
	AskReReview     Term // apply for 复核
	DecideReReview  Term // decide the 复核
	// AnalysisSource is the source of 一案双析.
	AnalysisSource string
}

// Measure names a sanction or organisational measure of the ladder.
type Measure string

// The measures of cn-2024. A rulebook may have others; code asks the ladder.
const (
	MeasureEducation   Measure = "education"            // 批评教育
	MeasureExamination Measure = "ordered_examination"  // 责令检查
	MeasureCirculated  Measure = "circulated_criticism" // 通报批评
	MeasureAdmonition  Measure = "admonition"           // 诫勉
	MeasureWarning     Measure = "warning"              // 警告
	MeasureDemerit     Measure = "demerit"              // 记过
	MeasureMajor       Measure = "major_demerit"        // 记大过
	MeasureDemotion    Measure = "demotion"             // 降级
	MeasureRemoval     Measure = "removal"              // 撤职
	MeasureDismissal   Measure = "dismissal"            // 开除
)

// Rung is one measure of the ladder, lightest first.
type Rung struct {
	Measure Measure
	Chinese string
	// Formal tells a disciplinary sanction (政务处分) from an organisational
	// measure (组织处理).
	Formal bool
	// Effect is how long it lasts; zero means no period.
	Effect Term
	// ForGood: it never ends (dismissal).
	ForGood bool
	// What the measure blocks while in effect, and whether the certificate
	// is suspended.
	BarsPromotion       bool
	BarsPayRise         bool
	BarsHonours         bool
	SuspendsCertificate bool
	// RestoresRank tells whether release brings the former rank back.
	RestoresRank bool
	Source       string
}

// SanctionRules govern a measure against one person.
type SanctionRules struct {
	// Ladder lists the measures, lightest first.
	Ladder []Rung
	// DueProcess is the source of notice and defence.
	DueProcess string
	// MaxMonths caps a combined effect period.
	MaxMonths      int
	Combination    string // source of the rule of combination
	Execute        Term   // HR carries it out
	ExecuteMost    Term   // at the very latest, with approval
	AskAppeal      Term
	DecideAppeal   Term
	AskReReview    Term
	DecideReReview Term
	AppealSource   string
	// Separation: proposer and approver differ; source.
	Separation string
}

// Rung returns the ladder's entry for the measure and its place, lightest
// being 0.
func (r SanctionRules) Rung(m Measure) (Rung, int, bool) {
	i := slices.IndexFunc(r.Ladder, func(x Rung) bool { return x.Measure == m })
	if i < 0 {
		return Rung{}, -1, false
	}
	return r.Ladder[i], i, true
}

// Combine returns the measure and the least and most months of effect for
// several acts judged together: the heaviest kind; where the heaviest is
// met more than once and has a period, between one period and their sum,
// never above MaxMonths. Unknown measures are ignored.
func (r SanctionRules) Combine(measures []Measure) (heaviest Rung, least, most int) {
	top := -1
	for _, m := range measures {
		if _, i, ok := r.Rung(m); ok && i > top {
			top = i
		}
	}
	if top < 0 {
		return Rung{}, 0, 0
	}
	heaviest = r.Ladder[top]
	for _, m := range measures {
		if m == heaviest.Measure {
			most += heaviest.Effect.Length
		}
	}
	least = heaviest.Effect.Length
	return heaviest, least, max(least, min(most, r.MaxMonths))
}

// RewardRules govern an honour.
type RewardRules struct {
	Publicise Term // 公示, objections are taken during it
	// Kinds lists the honours that may be granted.
	Kinds      []string
	Separation string // source: nominator and granter differ
}

// PostRules govern the grading of a post's risks.
type PostRules struct {
	// HighScore and MediumScore are the least scores graded high and medium;
	// what lies below is low. The score runs from 6 to 150.
	HighScore   int
	MediumScore int
	Source      string
	// Separation is the source of "the levels grade, and a control is
	// tested, by different persons".
	Separation string
}

// ServiceRules govern posts and service.
type ServiceRules struct {
	Rotation             Term // longest stay in one post 轮岗
	HighRiskRotation     Term // longest stay in a high-risk post
	ReRate               Term // a post's risk is graded again
	Certificate          Term // validity of an enforcement certificate 执法证
	TrainingHours        int  // a year
	PostEmploymentLeader Term
	PostEmployment       Term
	Grades               []string // annual appraisal, best first
	UnderInquiry         string   // source: no transfer, promotion, reward or retirement
	Recusal              string   // source: nobody acts on their own file
}
