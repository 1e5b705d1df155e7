package agency

import (
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// overseer guides the programme of every agency from outside, as the
// supervisory commission does.
var overseer = actor{"overseer-commission", domain.RoleOverseer}

const (
	overseerZh = "临浦区监察委员会"
	overseerEn = "Linpu District Supervisory Commission"
)

// theRulebook is the one the district adopts.
const theRulebook = "cn-2024"

// adopt puts the rulebook in force by the digest of its file, before anything
// else is done in the district.
func (b *bureau) adopt(p *play) {
	from := p.book.ValidFrom
	if from.After(p.begin) {
		from = p.begin
	}
	p.do(overseer, string(p.book.ID), rulebook.Adopt{Version: p.book.Version, Digest: p.digest, ValidFrom: from})
}

// behindArticle lists what stands behind the score of each article: the kinds
// of events the evaluation looks at.
var behindArticle = map[domain.Article][]domain.Kind{
	"I1": {"plan.stage_report_deliberated.v1", "plan.target_met.v1"}, "I2": {"activity.held.v1"}, "I3": {"complaint.answered.v1", "complaint.concluded.v1"},
	"I4": {"inspection.rectification_verified.v1", "inspection.closed.v1"}, "I5": {"disclosure.published.v1"}, "I6": {"norm.acknowledged.v1"},
	"I7": {"activity.assessed.v1"}, "I8": {"activity.carrier_refreshed.v1"}, "I9": {"post.risk_graded.v1", "post.control_tested.v1"}, "I10": {"enforcement.step_taken.v1"},
	"D1": {"officer.training_completed.v1", "officer.certificate_renewed.v1"}, "D2": {"enforcement.closed.v1"}, "D3": {"complaint.satisfaction_rated.v1", "norm.reviewed.v1"},
	"D4": {"officer.appraised.v1"}, "D5": {"enforcement.decided.v1", "enforcement.deviated.v1"}, "D6": {"traceback.concluded.v1", "enforcement.fault_reviewed.v1"},
	"D7": {"reward.granted.v1", "sanction.imposed.v2"}, "D8": {"activity.held.v1"}, "D9": {"norm.gap_closed.v1", "norm.adopted.v1"}, "D10": {"warning.acknowledged.v1", "warning.outcome_known.v1"},
}

// measures are the ten the survey asks about.
var measures = []string{"公开承诺 Public pledges", "首问负责 First contact answers", "限时办结 Time limits", "一次告知 All told at once", "裁量公开 Open benchmarks",
	"满意度评价 Rating of service", "投诉热线 Hotline", "廉政回访 Integrity call-backs", "阳光查验 Open inspections", "预约服务 Appointments"}

// cycles are the programme, one of ten months after another.
func (b *bureau) cycles(p *play) {
	for n := 1; !p.over; n++ {
		p.cycle(n)
		p.days(40, 70)
	}
}

// cycle is the baseline, the scheme, the survey, guidance, and the result on
// the same twenty articles by the overseer.
func (p *play) cycle(n int) {
	id := p.profile.id(fmt.Sprintf("CSZ-%d", n))
	ref := domain.ProgrammeID(id)
	p.do(p.leader(), id, programme.Open{Agency: p.profile.unit(""), From: p.today(), To: p.today().AddMonths(10)})
	p.days(4, 12)
	p.do(p.inspector(), id, programme.AssessBaseline{Scores: p.scores(42, 70)})
	p.days(6, 15)
	p.do(p.leader(), id, programme.AdoptScheme{Title: fmt.Sprintf("第%s轮创建清廉勤政实施方案 Scheme of the %d. cycle", numeral(n), n), Evidence: p.paper(id, "方案 scheme.pdf", "application/pdf")})
	p.days(40, 70)
	p.do(overseer, id, programme.IssueGuidance{Text: "重点抓听证程序与裁量说理 see to hearings and to reasons for the tier", Articles: []domain.Article{"I10", "D2", "D5"}})
	p.days(20, 40)
	p.survey(id)
	p.days(40, 60)
	p.do(overseer, id, programme.EvaluateResult{Scores: p.scores(58, 92)})
	p.days(5, 15)
	p.do(p.leader(), id, programme.PublishPractice{Title: "裁量基准智能校验 Benchmark checked by the system", Evidence: p.paper(id, "做法 practice.pdf", "application/pdf")})
	p.days(5, 15)
	p.do(p.leader(), id, programme.Close{})
	if story := p.storyIn(storyCycle); !p.over && p.tells(storyCycle) && story.Programme == "" && !p.today().Before(p.recent()) {
		story.Programme, story.Ref, story.Complete = ref, ref.Ref(), true
	}
}

// scores scores every article on what is on record of it by now.
func (p *play) scores(least, most int) []programme.Score {
	var out []programme.Score
	for _, a := range p.book.Programme.Articles {
		s := programme.Score{Article: a, Score: p.draw(least, most)}
		for _, kind := range behindArticle[a] {
			s.Events = append(s.Events, p.behind[kind]...)
		}
		if len(s.Events) == 0 {
			s.Basis = "座谈与现场查看，尚无记录 talks and a look on the spot, nothing on record yet"
		}
		out = append(out, s)
	}
	return out
}

// survey hands out one-use tokens; most come back.
func (p *play) survey(id string) {
	open := programme.OpenSurvey{Survey: "S1", Instrument: "2015 年问卷 v2 questionnaire of 2015, v2"}
	for i, text := range measures[:p.book.Programme.Measures] {
		open.Measures = append(open.Measures, programme.Measure{Measure: fmt.Sprintf("M%d", i+1), Text: text})
	}
	p.do(p.leader(), id, open)
	p.minutes(20, 60)
	issue := programme.IssueSurveyTokens{Survey: "S1"}
	var tokens []string
	for i := range 40 {
		tokens = append(tokens, digest(fmt.Sprintf("token %d %s %d", p.plan.Seed, id, i)))
		issue.Tokens = append(issue.Tokens, programme.TokenDigest(tokens[i]))
	}
	p.do(p.leader(), id, issue)
	grades := programme.Grades()
	for i, token := range tokens[:34] {
		p.minutes(5, 160)
		answer := programme.AnswerSurvey{Survey: "S1", Token: token, Grade: grades[min(p.draw(0, 3), p.draw(0, 3))]}
		for _, m := range open.Measures {
			answer.Measures = append(answer.Measures, programme.Opinion{Measure: m.Measure, Exists: p.chance(80), Known: p.chance(65), Wanted: p.chance(85)})
		}
		p.do(thePublic, id, answer)
		if i == 20 { // a token is good for one answer
			p.refused(thePublic, id, answer, domain.CodeExists)
		}
	}
	p.days(5, 9)
	p.do(p.leader(), id, programme.CloseSurvey{Survey: "S1"})
}

// survey2015 is the reference case: 178 valid answers.
func (p *play) survey2015(story *Planted, _ *member) {
	by := actor{importer, domain.RoleImporter}
	story.Programme = domain.ProgrammeID(p.profile.id("CSZ-2015"))
	story.Ref = story.Programme.Ref()
	p.do(by, string(story.Programme), programme.Import{Agency: p.profile.unit(""), From: domain.Date{Year: 2015, Month: time.January, Day: 1}, To: domain.Date{Year: 2015, Month: time.December, Day: 31}, Note: "首轮创双政 the first cycle"})
	p.minutes(1, 3)
	p.do(by, string(story.Programme), programme.ImportSurvey{Survey: "S2015", Instrument: "2015 年问卷 questionnaire of 2015", Valid: 178,
		Grades: programme.Tally{VerySatisfied: 53, FairlyGood: 70, Average: 42, NeedsStrengthening: 13}})
	story.Complete = !p.over
}
