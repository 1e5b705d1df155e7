package agency

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// deal is an administrative act as it will turn out.
type deal struct {
	kind    enforcement.Kind
	unit    domain.UnitID
	crew    []*member // two officers, the first of whom leads
	spot    bool      // a small penalty at once
	tier    int       // of the benchmark, of a penalty
	hearing bool      // the party asks for one
	deviate bool      // an amount under the tier
	private bool      // the publication is left out, as a second person allows
	late    bool      // decided or served late
	skip    bool      // the hearing that was asked for is left out
	outcome enforcement.Result
	found   bool // the fault review finds somebody at fault
	blind   bool // there is no fault review
	drop    bool // a penalty that is not imposed in the end
	clings  bool // what was overturned stays public for too long
	party   string
	watched bool // an inspection advises to halt it
	planted *Planted
}

// acts is what the agency is there for: approvals, levies, penalties,
// inspections and now and then a trade, about three an officer and year.
func (b *bureau) acts(p *play) {
	pause := max(4, 21*480*4/len(b.staff.line)) // minutes of work between two
	for i := 0; !p.over; i++ {
		d := p.deal(i)
		if d.crew = p.crew(d.unit); d.crew != nil {
			b.start(p.now, fmt.Sprintf("act %d", i), func(p *play) { p.enforce(d) })
		}
		p.work(p.draw(1, 2*pause))
	}
}

// deal makes up the i-th act. The first penalties show what is rare.
func (p *play) deal(i int) deal {
	pos := oneOf(p, p.org.clerks)
	d := deal{kind: pos.duty.stream, unit: pos.unit, tier: min(p.draw(0, 2), p.draw(0, 2))}
	switch {
	case i%40 == 7:
		d.kind = enforcement.KindTrade // such as confiscated goods that are sold
	case i < 6 || p.chance(22):
		d.kind = enforcement.KindPenalty
	}
	d.late = p.chance(5)
	if d.kind != enforcement.KindPenalty {
		return d
	}
	d.spot = i == 2 || p.chance(25) && i > 5
	d.hearing, d.deviate, d.private = i == 1 || p.chance(12), i == 3 || p.chance(6), i == 4 || p.chance(4)
	d.watched = !d.spot && (i == 3 || p.chance(3))
	if d.deviate {
		d.tier = max(1, d.tier) // the lightest leaves nothing below it
	}
	switch roll := p.draw(1, 100); {
	case i == 0:
		d.outcome, d.found = enforcement.ResultVaried, true
	case i == 5:
		d.outcome, d.blind = enforcement.ResultOverturned, p.profile.unreviewed
	case roll <= 6:
		d.outcome = enforcement.ResultUpheld
	case roll == 7:
		d.outcome, d.found = enforcement.ResultVaried, p.chance(50)
	case roll == 8:
		d.outcome, d.found = enforcement.ResultOverturned, p.chance(60)
	}
	return d
}

// certified tells whether the member may take a hand in an act today.
func (p *play) certified(m *member) bool {
	return !m.alone && p.onDuty(m) && p.file(m).Certificate.ValidOn(p.today())
}

// crew returns two officers who may act, of the unit if it has them; nil
// where there are not two.
func (p *play) crew(unit domain.UnitID, not ...domain.ActorID) []*member {
	var out []*member
	line := p.staff.line
	from := p.rng.IntN(len(line))
	for _, within := range []bool{true, false} {
		for i := range min(len(line), 80) {
			m := line[(from+i)%len(line)]
			if len(out) == 2 {
				return out
			}
			if m.pos.tier == tierChief || !p.certified(m) || within && p.file(m).Unit != unit || slices.Contains(out, m) || slices.Contains(not, domain.ActorID(m.id)) {
				continue
			}
			out = append(out, m)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// ready sees to it that two certified officers are on the act, and tells
// whether there are.
func (p *play) ready(id string, d *deal) bool {
	if p.over || p.certified(d.crew[0]) && p.certified(d.crew[1]) {
		return !p.over
	}
	for {
		crew := p.crew(d.unit)
		if crew != nil {
			d.crew = crew
			break
		}
		if p.days(10, 20); p.over {
			return false
		}
	}
	p.do(p.leader(), id, enforcement.ReplaceOfficers{Officers: d.officers(), Reason: "原承办人调离、停职或证件失效 the former were moved, suspended or lost their certificate"})
	p.minutes(20, 90)
	return !p.over
}

func (d deal) officers() []domain.OfficerID { return []domain.OfficerID{d.crew[0].id, d.crew[1].id} }

// openAct opens the act and returns its id.
func (p *play) openAct(d deal) string {
	id := p.number("ZF", p.today().Year, 4)
	open := enforcement.Open{
		ActKind: d.kind, Unit: d.unit, Procedure: p.profile.normID(normService), PartyKind: enforcement.PartyOrganisation, Party: digest(fmt.Sprintf("party %d", p.draw(1, 400))),
		Officers: d.officers(), Matter: oneOf(p, p.profile.matters[d.kind]), DeedOn: p.today().AddDays(-p.draw(0, 40)),
	}
	if p.chance(25) {
		open.PartyKind = enforcement.PartyPerson
	}
	if d.party != "" {
		open.PartyKind, open.Party = enforcement.PartyOrganisation, digest(d.party)
	}
	switch {
	case d.spot:
		open.Procedure, open.OnTheSpot, open.PartyKind, open.DeedOn = p.profile.normID(normOnTheSpot), true, enforcement.PartyOrganisation, p.today()
	case d.kind == enforcement.KindPenalty:
		open.Procedure, open.Benchmark = p.profile.normID(normPenalty), p.profile.normID(normBenchmark)
	}
	if d.kind == enforcement.KindLevy {
		open.AmountClaimed = int64(p.draw(1, 500)) * 1_000_00
	}
	p.do(d.crew[0].as(domain.RoleOfficer), id, open)
	return id
}

// enforce is the life of an act.
func (p *play) enforce(d deal) {
	p.minutes(3, 90)
	if !p.certified(d.crew[0]) || !p.certified(d.crew[1]) {
		return
	}
	id := p.openAct(d)
	if d.planted != nil {
		d.planted.Enforcement, d.planted.Officer = domain.EnforcementID(id), d.crew[0].id
		d.planted.Ref = d.planted.Enforcement.Ref()
	}
	switch {
	case d.spot:
		p.onTheSpot(id, d)
	case d.kind == enforcement.KindPenalty:
		p.penalise(id, d)
	default:
		p.serve(id, d)
	}
}

// step takes a step by the first officer, with the second where both must.
func (p *play) step(id string, d *deal, code string, both bool) {
	if !p.ready(id, d) {
		return
	}
	take := enforcement.TakeStep{Step: code}
	if both {
		take.Second = d.crew[1].id
		take.Evidence = p.paper(id, "现场笔录 record.pdf", "application/pdf")
	}
	p.do(d.crew[0].as(domain.RoleOfficer), id, take)
}

// serve is an approval, a levy, an inspection or a trade: one officer checks,
// the other decides.
func (p *play) serve(id string, d deal) {
	p.minutes(5, 60)
	p.step(id, &d, "accept", false)
	p.days(0, 3)
	p.step(id, &d, "check", false)
	checked := d.crew[0]
	p.days(1, 5)
	if d.late {
		p.days(28, 40)
	}
	if !p.ready(id, &d) {
		return
	}
	decide := enforcement.Decide{Opinion: "材料齐全，符合条件 the papers are complete and the conditions met"}
	switch d.kind {
	case enforcement.KindApproval:
		decide.Outcome = enforcement.OutcomeGranted
		if p.chance(12) {
			decide.Outcome, decide.Opinion = enforcement.OutcomeRefused, "不符合减免条件 the conditions are not met"
		}
	case enforcement.KindLevy:
		decide.Outcome, decide.Amount = enforcement.OutcomeLevied, int64(p.draw(1, 500))*1_000_00
	case enforcement.KindInspection:
		decide.Outcome, decide.Opinion = enforcement.OutcomeInOrder, "未见异常 nothing irregular"
		if p.chance(15) {
			decide.Outcome, decide.Opinion = enforcement.OutcomeIrregular, "单货不符 goods and papers differ"
		}
	case enforcement.KindTrade:
		decide.Outcome, decide.Amount = enforcement.OutcomeAwarded, int64(p.draw(5, 80))*10_000_00
	}
	by := d.crew[1]
	if by == checked {
		by = d.crew[0]
	}
	if p.chance(4) && slices.Contains(d.crew, checked) { // who checked may not decide
		p.refused(checked.as(domain.RoleOfficer), id, decide, domain.CodeConflict)
	}
	p.do(by.as(domain.RoleOfficer), id, decide)
	p.days(0, 2)
	p.step(id, &d, "serve", false)
	p.minutes(10, 90)
	if p.ready(id, &d) {
		p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.Close{})
	}
}

// onTheSpot is a small penalty, all within the hour.
func (p *play) onTheSpot(id string, d deal) {
	for _, code := range []string{"establish", "tell"} {
		p.minutes(2, 9)
		p.step(id, &d, code, code == "establish")
	}
	p.minutes(2, 9)
	if !p.ready(id, &d) {
		return
	}
	decide := enforcement.Decide{Outcome: enforcement.OutcomePenalised, Clause: "行政处罚法 art. 51", Amount: 3_500_00, Opinion: "事实清楚，当场处罚 the facts are clear"}
	if p.chance(6) { // more than may be imposed on the spot
		p.refused(d.crew[0].as(domain.RoleOfficer), id, decide, domain.CodeRule)
	}
	decide.Amount = int64(p.draw(1, 30)) * 100_00
	p.do(d.crew[0].as(domain.RoleOfficer), id, decide)
	p.minutes(1, 5)
	p.step(id, &d, "serve", false)
	p.minutes(5, 30)
	if p.ready(id, &d) {
		p.do(d.crew[0].as(domain.RoleOfficer), id, enforcement.Close{})
	}
}

// announce requires the decision to be made public, and does so a few days
// later; now and then late.
func (p *play) announce(id string, d deal) {
	item := "GS-" + id
	p.do(theSystem, item, disclosure.Require{Title: "行政处罚决定 Penalty decision " + id, Category: "decision", Medium: disclosure.MediumWebsite, Unit: d.unit, About: domain.EnforcementID(id)})
	if d.late {
		p.days(14, 25)
	} else {
		p.days(1, 4)
	}
	if p.over || p.world.item(item).Cause != "" || p.world.item(item).Status != disclosure.StatusDue {
		return
	}
	p.do(p.hr(), item, disclosure.Publish{URL: "https://" + p.profile.site + "/decisions/" + id, Evidence: p.paper(item, "公示页 page.html", "text/html")})
}
