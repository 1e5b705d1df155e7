package agency

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// course is the way a complaint takes.
type course string

// The courses. The first complaints of a plan take each of them once, so that
// even a small one shows all; later ones by chance.
const (
	coursePlain     course = "plain"
	courseDecline   course = "declined"
	courseWithdraw  course = "withdrawn"
	courseToUnit    course = "transferred within"
	courseAway      course = "transferred away"
	courseContested course = "transfer contested"
	courseRecuse    course = "handler recused"
	courseExtend    course = "extended"
	courseLate      course = "late"
	courseUpheld    course = "review upheld"
	courseVaried    course = "review varied"
	courseOverturn  course = "review overturned"
	courseRereview  course = "re-reviewed"
)

var showcase = []course{
	courseOverturn, courseToUnit, courseRecuse, courseRereview, courseDecline, courseVaried, coursePlain, courseContested,
	courseExtend, courseWithdraw, courseLate, courseUpheld, courseAway,
}

// likely lists the courses by their share in sixty.
var likely = []struct {
	course course
	share  int
}{
	{coursePlain, 30}, {courseDecline, 5}, {courseWithdraw, 3}, {courseToUnit, 3}, {courseAway, 3}, {courseContested, 1},
	{courseRecuse, 2}, {courseExtend, 4}, {courseLate, 4}, {courseUpheld, 2}, {courseVaried, 1}, {courseOverturn, 1}, {courseRereview, 1},
}

// filing is a complaint as it will turn out.
type filing struct {
	target  *member // nil where the reporter named nobody
	pos     *position
	kind    grievance
	channel complaint.Channel
	course  course
	result  complaint.Result
	inquiry inquiry // of the case, where there will be one
	// anonymous: the reporter gives no name, in any case.
	anonymous bool
	// planted, when set, is the story that is told the ids.
	planted *Planted
}

// complaints is the public: about as many complaints a year as there are
// officers in the line.
func (b *bureau) complaints(p *play) {
	pause := 250 * 480 / (len(b.staff.line) + 6) // minutes of work between two
	for i := 0; !p.over; i++ {
		f := p.filing(i)
		b.start(p.now, "complaint "+f.pos.kindAndNumber(i), func(p *play) { p.complain(f) })
		p.work(p.draw(1, 2*pause))
	}
}

// work waits for so many minutes of work, whole days first.
func (p *play) work(minutes int) {
	if d := minutes / 480; d > 0 {
		p.until(p.today().AddDays(d * 7 / 5))
		return
	}
	p.minutes(minutes, minutes+1)
}

// filing makes up the i-th complaint.
func (p *play) filing(i int) filing {
	f := filing{course: coursePlain}
	if turn := p.turn(i); turn < len(showcase) {
		f.course = showcase[turn]
	} else {
		roll := p.draw(1, 60)
		for _, l := range likely {
			if roll -= l.share; roll <= 0 {
				f.course = l.course
				break
			}
		}
	}
	about := p.ordinary(func(*member) bool { return true })
	if about == nil {
		f.pos = oneOf(p, p.org.clerks)
	} else if f.pos = about.pos; p.chance(68) || f.course == courseOverturn {
		f.target = about
	}
	f.kind = p.profile.grievances[oneOf(p, f.pos.duty.grievances)]
	f.channel = oneOf(p, []complaint.Channel{complaint.ChannelHotline, complaint.ChannelHotline, complaint.ChannelHotline, complaint.ChannelWeb,
		complaint.ChannelWeb, complaint.ChannelLetter, complaint.ChannelVisit, complaint.ChannelMedia})
	if f.pos.duty == p.profile.window && p.chance(60) {
		f.channel = complaint.ChannelWindow
	}
	switch roll := p.draw(1, 100); {
	case f.course == courseVaried || f.course == courseOverturn:
		f.result = complaint.ResultNotSubstantiated
	case roll <= 10:
		f.result = complaint.ResultSubstantiated
	case roll <= 25:
		f.result = complaint.ResultPartly
	case roll <= 65:
		f.result = complaint.ResultNotSubstantiated
	default:
		f.result = complaint.ResultUnfounded
	}
	if f.target != nil {
		f.inquiry = p.likelyInquiry(f.target, f.kind)
		f.target.troubled = f.target.troubled || f.result.BearsOut() || f.course == courseOverturn
	}
	return f
}

// complain is the life of a complaint up to its acceptance, or to where it
// goes instead.
func (p *play) complain(f filing) {
	id := p.number("TS", p.today().Year, 4)
	subject := id
	if f.planted != nil {
		f.planted.Complaint, f.planted.Case = domain.ComplaintID(id), domain.CaseID(id)
	}
	receive := complaint.Receive{Channel: f.channel, Category: f.kind.category, Summary: f.kind.write(p), Unit: f.pos.unit, Post: f.pos.id,
		RealName: p.chance(55) && f.channel != complaint.ChannelWindow && !f.anonymous}
	if f.target != nil {
		receive.Officers = []domain.OfficerID{f.target.id}
	}
	by, ago := p.intake(), time.Duration(p.draw(5, 90))*time.Minute
	switch f.channel {
	case complaint.ChannelWeb, complaint.ChannelWindow:
		by, ago = thePublic, time.Duration(p.draw(10, 60*14))*time.Minute
	case complaint.ChannelLetter, complaint.ChannelMedia:
		ago = time.Duration(p.draw(24*60, 4*24*60)) * time.Minute
	}
	p.last = time.Time{}
	p.did(p.now.Add(-ago), by, subject, receive)
	if f.channel == complaint.ChannelHotline || f.channel == complaint.ChannelWeb {
		p.minutes(10, 90)
		p.do(p.intake(), subject, complaint.Acknowledge{})
	}
	p.days(1, 4)
	if !p.route(f, subject) {
		return
	}
	if receive.RealName {
		p.days(1, 12)
		p.do(p.intake(), subject, complaint.Acknowledge{})
	}
	p.handle(f, subject)
}

// route screens the complaint and tells whether this agency handles it.
func (p *play) route(f filing, subject string) bool {
	if f.course == courseWithdraw && p.chance(50) {
		p.do(thePublic, subject, complaint.Withdraw{Reason: "问题已解决 the matter is settled"})
		return false
	}
	if f.course == courseDecline {
		p.do(p.intake(), subject, complaint.Screen{Ground: "属行政复议范围，已告知途径 a matter for reconsideration, the way was told"})
		p.days(1, 5)
		p.do(p.intake(), subject, complaint.Decline{Ground: "应依法通过行政复议解决 to be settled by reconsideration"})
		return false
	}
	p.do(p.intake(), subject, complaint.Screen{Admissible: true, Ground: "属本机关职责 within this agency's duties"})
	p.days(1, 6)
	switch f.course {
	case courseAway:
		p.do(p.intake(), subject, complaint.Transfer{To: p.profile.elsewhere, Ground: "不属本机关职责 not a matter of this agency"})
		return false
	case courseContested:
		p.do(p.intake(), subject, complaint.Transfer{To: "政务服务办公室 Government Services Office", Ground: "涉及大厅收费 concerns charges in the hall"})
		p.days(1, 4)
		p.do(p.intake(), subject, complaint.ContestTransfer{Ground: "收费已取消，问题在办理环节 the charge is gone, the matter is how it was handled"})
		p.days(1, 3)
	case courseToUnit:
		p.do(p.intake(), subject, complaint.Transfer{To: "处室自办 the department itself", ToUnit: f.pos.unit, Ground: "由业务处室先行处理 the department deals with it first"})
		p.days(2, 7)
	case courseLate:
		p.days(12, 18) // past the term for routing
	}
	p.do(p.intake(), subject, complaint.Accept{})
	return true
}

// handle is the life of an accepted complaint.
func (p *play) handle(f filing, subject string) {
	p.minutes(10, 200)
	handler := p.handler()
	p.do(p.assigner(), subject, complaint.AssignHandler{Handler: handler.id})
	if f.course == courseRecuse {
		p.days(1, 6)
		p.do(handler, subject, complaint.RecuseHandler{Handler: handler.id, Ground: "与被投诉人曾在同一科室共事，主动回避 served with the person complained about"})
		p.days(1, 3)
		handler = p.handler(handler.id)
		p.do(p.assigner(), subject, complaint.AssignHandler{Handler: handler.id})
	}
	switch f.course {
	case courseWithdraw:
		p.days(5, 25)
		p.do(thePublic, subject, complaint.Withdraw{Reason: "对方已道歉，撤回投诉 there was an apology"})
		return
	case courseExtend:
		p.until(p.world.complaint(subject).Due.AddDays(-p.draw(4, 15)))
		if !p.today().After(p.world.complaint(subject).Due) { // a long holiday may have passed it
			p.do(p.leader(), subject, complaint.Extend{Until: p.world.complaint(subject).Due.AddDays(p.draw(15, 30)), Reason: "需向外地企业取证 evidence from enterprises elsewhere"})
		}
		p.days(10, 24)
	case courseLate:
		p.days(63, 85) // past the term for the conclusion
	default:
		p.days(8, 44)
	}
	p.conclude(f, subject, handler)
	p.days(1, 9)
	p.do(handler, subject, complaint.Answer{Answer: answers[f.result]})
	if p.chance(35) {
		p.days(1, 7)
		p.do(thePublic, subject, complaint.Rate{Grade: p.rating(f.result)})
	}
	p.review(f, subject, handler)
}

// assigner is who names handlers: a leader or the petitions section.
func (p *play) assigner() actor {
	if p.chance(40) {
		return p.leader()
	}
	return p.intake()
}

// conclude ends the handling; a case that follows takes its own course.
func (p *play) conclude(f filing, subject string, handler actor) {
	c := complaint.Conclude{Result: f.result, Opinion: opinions[f.result], Evidence: p.paper(subject, "调查笔录 record of inquiry.pdf", "application/pdf")}
	if f.result.BearsOut() {
		c.Conduct = f.kind.conduct
		if f.target != nil {
			c.Officers = []domain.OfficerID{f.target.id}
		}
	}
	for _, id := range subjectsOf[misconduct.Opened](p.do(handler, subject, c)) {
		p.start(p.now, "case "+id, func(p *play) { p.inquire(domain.CaseID(id), f.target, f.pos, f.kind, f.inquiry, f.planted) })
	}
}

// review is what the reporter who is not content may ask for.
func (p *play) review(f filing, subject string, handler actor) {
	switch f.course {
	case courseUpheld, courseVaried, courseOverturn, courseRereview:
	default:
		return
	}
	p.days(3, 12)
	p.do(thePublic, subject, complaint.AskReview{Ground: "调查不深入，未调取录像 the inquiry was shallow, the video was not looked at"})
	p.days(10, 28)
	reviewer := p.leader(handler.id)
	switch f.course {
	case courseVaried:
		p.do(reviewer, subject, complaint.DecideReview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultUnfounded, Opinion: "录像证明所述情况不存在 the video shows that it did not happen"})
		return
	case courseOverturn:
		p.do(reviewer, subject, complaint.DecideReview{Outcome: complaint.OutcomeOverturned, Opinion: "关键证据未调取，重新办理 key evidence was not taken; to be handled anew"})
		p.days(1, 4)
		again := p.handler(handler.id)
		p.do(p.intake(), subject, complaint.AssignHandler{Handler: again.id})
		p.days(15, 45)
		f.result, f.course = complaint.ResultPartly, coursePlain
		p.conclude(f, subject, again)
		p.days(1, 6)
		p.do(again, subject, complaint.Answer{Answer: answers[f.result]})
		return
	}
	p.do(reviewer, subject, complaint.DecideReview{Outcome: complaint.OutcomeUpheld, Opinion: "事实清楚，维持原处理意见 the facts are clear, the conclusion stands"})
	if f.course == courseRereview {
		p.days(5, 20)
		p.do(thePublic, subject, complaint.AskRereview{Ground: "对复查意见不服 not content with the review"})
		p.days(10, 29)
		p.do(p.leader(handler.id, reviewer.id), subject, complaint.DecideRereview{Outcome: complaint.OutcomeUpheld, Opinion: "维持复查意见，信访事项终结 upheld, the matter is closed"})
	}
}

// rating depends on what came out.
func (p *play) rating(r complaint.Result) complaint.Grade {
	grades := []complaint.Grade{complaint.GradeVerySatisfied, complaint.GradeFairlyGood, complaint.GradeAverage, complaint.GradeNeedsStrengthening}
	if r.BearsOut() {
		return grades[min(p.draw(0, 2), p.draw(0, 3))]
	}
	return grades[max(p.draw(0, 3), p.draw(0, 3))]
}

var opinions = map[complaint.Result]string{
	complaint.ResultSubstantiated:    "经查，反映问题属实。 On inquiry, what was reported is true.",
	complaint.ResultPartly:           "经查，反映问题部分属实。 On inquiry, what was reported is partly true.",
	complaint.ResultNotSubstantiated: "经查，现有证据无法证实。 On inquiry, the evidence does not bear it out.",
	complaint.ResultUnfounded:        "经查，反映问题不属实。 On inquiry, what was reported did not happen.",
}

var answers = map[complaint.Result]string{
	complaint.ResultSubstantiated:    "您反映的问题属实，我单位已依规处理并向您致歉。 What you reported is true; it is being dealt with, and we apologise.",
	complaint.ResultPartly:           "您反映的问题部分属实，已责成改进。 What you reported is partly true; improvement was ordered.",
	complaint.ResultNotSubstantiated: "经调查，您反映的问题暂无法证实，如有新证据请补充。 It could not be borne out; please send further evidence if you have any.",
	complaint.ResultUnfounded:        "经调查，您反映的情况不属实，感谢监督。 It did not happen as reported; thank you for watching over us.",
}
