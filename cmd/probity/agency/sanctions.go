package agency

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// penalty is a sanction as it will turn out.
type penalty struct {
	withdraw bool // the defence holds, so the proposal is given up
	milder   bool // the defence earned a milder measure
	late     bool // HR carries it out late
	appeal   sanction.Outcome
	rereview sanction.Outcome
	// imposed, when set, goes on while the measure is in force.
	imposed script
}

// likelyPenalty makes up how a sanction goes on; grave ones are appealed more
// often.
func (p *play) likelyPenalty(grave bool) penalty {
	pen := penalty{milder: p.chance(8), late: p.chance(12)}
	often := 4
	if grave {
		often = 25
	}
	if p.chance(often) {
		pen.appeal = oneOf(p, []sanction.Outcome{sanction.OutcomeUpheld, sanction.OutcomeUpheld, sanction.OutcomeUpheld, sanction.OutcomeVaried, sanction.OutcomeOverturned})
		if pen.appeal == sanction.OutcomeUpheld && p.chance(40) {
			pen.rereview = sanction.OutcomeUpheld
		}
	}
	return pen
}

// lighter returns the measure one rung below; the same at the foot.
func (p *play) lighter(m domain.Measure) domain.Measure {
	_, place, _ := p.book.Sanction.Rung(m)
	return p.book.Sanction.Ladder[max(0, place-1)].Measure
}

// sanction is the life of a proposed sanction: notice, defence, approval,
// decision, service, execution, appeal, and the release that a clock brings.
func (p *play) sanction(id domain.SanctionID, m *member, pen penalty, planted *Planted) {
	subject := string(id)
	if planted != nil {
		planted.Sanction = id
	}
	p.days(1, 4)
	if !p.stands(id, sanction.StatusProposed) {
		return
	}
	p.do(p.inspector(domain.ActorID(m.id)), subject, sanction.Notify{DefenceBy: p.today().AddDays(7)})
	if p.chance(8) { // before the person was heard
		p.minutes(30, 90)
		p.refused(p.leader(domain.ActorID(m.id)), subject, sanction.Approve{}, domain.CodeIncomplete)
	}
	p.days(2, 6)
	if !p.stands(id, sanction.StatusNotified) {
		return
	}
	if p.chance(60) || pen.withdraw {
		p.do(m.as(domain.RoleOfficer), subject, sanction.HearDefence{Statement: "恳请从轻，已主动整改 asks for leniency, has put it right"})
	} else {
		p.do(p.inspector(domain.ActorID(m.id)), subject, sanction.HearDefence{Waived: true})
	}
	p.days(1, 6)
	if !p.stands(id, sanction.StatusHeard) {
		return
	}
	if pen.withdraw {
		p.do(p.inspector(domain.ActorID(m.id)), subject, sanction.WithdrawProposal{Reason: "申辩成立，撤回建议 the defence holds, the proposal is given up"})
		return
	}
	approver := p.leader(domain.ActorID(m.id))
	p.do(approver, subject, sanction.Approve{})
	p.days(1, 4)
	if p.stands(id, sanction.StatusApproved) {
		p.impose(id, m, pen, approver)
	}
}

// stands tells whether the sanction is still where the script left it: an
// appeal against the finding may have taken it back.
func (p *play) stands(id domain.SanctionID, at sanction.Status) bool {
	return !p.over && p.world.sanction(id).Status == at
}

// impose is the decision and what comes after it.
func (p *play) impose(id domain.SanctionID, m *member, pen penalty, approver actor) {
	subject := string(id)
	impose := sanction.Impose{}
	if pen.milder {
		impose.Measure = p.lighter(p.world.sanction(id).Measure)
	}
	p.do(p.leader(approver.id, domain.ActorID(m.id)), subject, impose)
	if pen.imposed != nil {
		p.start(p.now, "while "+subject, pen.imposed)
	}
	p.watchRelease(id)
	p.days(1, 4)
	if !p.stands(id, sanction.StatusImposed) {
		return
	}
	p.do(p.inspector(domain.ActorID(m.id)), subject, sanction.Serve{})
	p.start(p.now, "execution "+subject, func(p *play) { p.execute(id, m, pen.late) })
	p.appealSanction(id, m, pen)
}

var changes = map[domain.Measure]string{
	domain.MeasureDemotion:  "降低一级 rank lowered by one",
	domain.MeasureRemoval:   "撤销职务 removed from the post",
	domain.MeasureDismissal: "办理开除手续 struck off the service",
}

// execute is what HR changes: pay, rank, and the service itself.
func (p *play) execute(id domain.SanctionID, m *member, late bool) {
	if late {
		p.days(36, 58) // past the term for execution
	} else {
		p.days(3, 24)
	}
	st := p.world.sanction(id)
	if !p.open(id) || st.Executed {
		return
	}
	change := changes[st.Measure]
	if change == "" {
		change = "记入个人档案 entered in the personal file"
	}
	p.do(p.hr(domain.ActorID(m.id)), string(id), sanction.Execute{Change: change})
	if st.Measure != domain.MeasureDismissal {
		return
	}
	p.minutes(10, 40)
	if held := p.file(m).Certificate.Status; held == officer.CertificateHeld || held == officer.CertificateValid {
		p.do(p.hr(domain.ActorID(m.id)), string(m.id), officer.RevokeCertificate{Reason: "开除 dismissed from the service"})
		p.minutes(5, 20)
	}
	p.do(p.hr(domain.ActorID(m.id)), string(m.id), officer.Separate{Reason: officer.ReasonDismissed})
}

// appealSanction is the appeal 复审 and the re-review 复核 of a sanction.
func (p *play) appealSanction(id domain.SanctionID, m *member, pen penalty) {
	if pen.appeal == "" {
		return
	}
	p.days(5, 19)
	if !p.open(id) {
		return
	}
	p.do(m.as(domain.RoleOfficer), string(id), sanction.Appeal{Ground: "处分过重，请求复审 too heavy, asks for review"})
	p.days(10, 26)
	if !p.open(id) {
		return
	}
	p.decideAppeal(id, pen.appeal)
	if pen.rereview == "" || pen.appeal == sanction.OutcomeOverturned {
		return
	}
	p.days(5, 19)
	if !p.open(id) {
		return
	}
	p.do(m.as(domain.RoleOfficer), string(id), sanction.AskRereview{Ground: "对复审决定不服 not content with the review"})
	p.days(15, 50)
	if p.open(id) {
		p.decideAppeal(id, pen.rereview)
	}
}

// open tells whether the sanction can still be appealed, as far as its state
// goes.
func (p *play) open(id domain.SanctionID) bool {
	return p.stands(id, sanction.StatusImposed) || p.stands(id, sanction.StatusReleased)
}

func (p *play) decideAppeal(id domain.SanctionID, outcome sanction.Outcome) {
	imposed := p.world.sanction(id).Measure
	if outcome == sanction.OutcomeVaried && p.lighter(imposed) == imposed {
		outcome = sanction.OutcomeUpheld // the mildest of all
	}
	decide := sanction.DecideAppeal{Outcome: outcome, Opinion: map[sanction.Outcome]string{
		sanction.OutcomeUpheld:     "事实清楚，量纪适当，维持 the facts are clear and the measure fits",
		sanction.OutcomeVaried:     "主动退缴，从轻变更 gave back of their own accord, made milder",
		sanction.OutcomeOverturned: "主要证据不足，撤销 the main evidence does not suffice",
	}[outcome]}
	if outcome == sanction.OutcomeVaried {
		decide.Measure = p.lighter(imposed)
	}
	p.do(p.leader(), string(id), decide)
	if outcome == sanction.OutcomeVaried {
		p.watchRelease(id)
	}
}

// watchRelease is the daily run that releases what is over, early in the
// morning after the last day of effect.
func (p *play) watchRelease(id domain.SanctionID) {
	p.start(p.now, "release "+string(id)+string(p.world.sanction(id).Measure), func(p *play) {
		for !p.over {
			st := p.world.sanction(id)
			if st.Status != sanction.StatusImposed || st.ForGood || st.Until.IsZero() {
				return
			}
			if st.ReleaseDue(p.today()) {
				p.last = p.now
				p.do(theSystem, string(id), sanction.Release{})
				return
			}
			early := st.Until
			if early.Before(p.today()) {
				early = p.today()
			}
			p.sleep(early.AddDays(1).In(p.book.Calendar.Zone).Add(5*time.Minute + time.Duration(p.rng.IntN(60_000_000))*time.Microsecond))
		}
	})
}
