package agency

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
)

// watchedTales are the short stories that early warning finds, told aside in
// the months in which it is in use: where, and how many days after it came
// into use they begin. Those whose last day counts begin so many days before
// the end of the history.
var watchedTales = []struct {
	name, agency string
	day, before  int
	play         func(p *play)
}{
	{name: "late milestone", agency: Customs, day: 15, play: (*play).lateMilestone},                                               // I1
	{name: "late suspension", agency: Customs, day: 16, play: (*play).lateSuspension},                                             // D1
	{name: "one format", agency: Customs, day: 9, play: (*play).oneFormat},                                                        // D8
	{name: "five approvals", agency: Customs, day: 8, play: favours(enforcement.KindApproval, enforcement.OutcomeGranted, 5, 12)}, // D10
	{name: "near the limit", agency: Customs, day: 20, play: (*play).nearLimit},
	{name: "two trades", agency: Customs, before: 26, play: (*play).twoTrades},
	{name: "late admonition", agency: Tax, day: 10, play: (*play).lateAdmonition}, // D7
	{name: "alone", agency: Tax, day: 14, play: (*play).walkedAlone},              // D9
	{name: "overrides", agency: Tax, day: 24, play: (*play).overridesCounted},     // I10
	{name: "three trades", agency: Tax, day: 4, play: favours(enforcement.KindTrade, enforcement.OutcomeAwarded, 3, 9)},
	{name: "three exemptions", agency: Tax, before: 55, play: favours(enforcement.KindLevy, enforcement.OutcomeExempted, 3, 17)},
	{name: "still public", agency: MarketSupervision, day: -30, play: (*play).stillPublic}, // I5
	{name: "bad ratings", agency: MarketSupervision, day: 33, play: (*play).badRatings},    // D3
	{name: "three dropped", agency: MarketSupervision, day: 6, play: (*play).droppedAgain},
	{name: "five in order", agency: MarketSupervision, day: 12, play: favours(enforcement.KindInspection, enforcement.OutcomeInOrder, 5, 11)},
}

// startWatched lays in the short stories of this agency.
func (b *bureau) startWatched() {
	for _, t := range watchedTales {
		home := slices.IndexFunc(b.bureaus, func(o *bureau) bool { return o.profile.key == t.agency })
		if b.index != max(0, home) {
			continue
		}
		day := b.watched().AddDays(t.day)
		if t.before > 0 {
			day = b.book.Calendar.Day(b.plan.End).AddDays(-t.before)
		}
		b.begins(b.day(days(b.begin, day)), "watched "+t.name, true, t.play)
	}
}

// engage is somebody who comes from another office to a post of the stream,
// with all that an officer needs to act. They are on no list that chance draws
// from.
func (p *play) engage(stream enforcement.Kind) *member {
	fit := slices.DeleteFunc(slices.Clone(p.org.clerks), func(pos *position) bool { return pos.duty.stream != stream })
	if len(fit) == 0 {
		fit = p.org.clerks
	}
	pos := oneOf(p, fit)
	p.engaged++
	m := &member{id: domain.OfficerID(p.profile.id(fmt.Sprintf("J%03d", p.engaged))), pos: pos, enrolled: p.today(), since: p.today(), kept: true, ownCertificate: true}
	for m.zh == "" || p.staff.names[m.zh] {
		family, first, second := oneOf(p, surnames), oneOf(p, givenNames), oneOf(p, givenNames)
		m.zh, m.latin = family.zh+first.zh+second.zh, family.latin+" "+capital(first.latin)+second.latin
	}
	p.staff.byID[m.id] = m
	id := string(m.id)
	p.do(actor{superior, domain.RoleHR}, id, officer.Enroll{FullName: m.zh, LatinName: m.latin, StaffNumber: p.profile.prefix + p.profile.serial(m), Unit: pos.unit, On: p.today(), Rank: ranks[1]})
	p.minutes(5, 30)
	p.do(p.hr(), id, officer.CompleteTraining{Course: p.profile.courses[0], Hours: 60})
	p.minutes(5, 30)
	p.do(p.hr(), id, officer.Appoint{Post: pos.id, Unit: pos.unit, HighRisk: p.world.post(pos.id).HighRisk()})
	p.minutes(5, 30)
	p.do(p.hr(), id, officer.IssueCertificate{Number: p.profile.number(m, 1)})
	p.minutes(5, 30)
	p.do(m.as(domain.RoleOfficer), p.profile.id(normProhibitions), norm.Acknowledge{})
	return m
}

// beside returns an officer who acts beside the member today, none of those
// who did before where there is another; nil once time is over.
func (p *play) beside(m *member, before ...*member) *member {
	for not := append(actors(idsOf(before)), domain.ActorID(m.id)); !p.over; not = not[len(not)-1:] {
		if crew := p.crew(m.pos.unit, not...); crew != nil {
			return crew[0]
		}
		p.days(1, 3)
	}
	return nil
}

func idsOf(members []*member) (out []domain.OfficerID) {
	for _, m := range members {
		out = append(out, m.id)
	}
	return out
}

// opened opens an act of the two about the party.
func (p *play) opened(kind enforcement.Kind, m, other *member, party string) string {
	id := p.number("ZF", p.today().Year, 4)
	c := enforcement.Open{ActKind: kind, Unit: m.pos.unit, Procedure: p.profile.normID(normService), PartyKind: enforcement.PartyOrganisation, Party: digest(party),
		Officers: []domain.OfficerID{m.id, other.id}, Matter: oneOf(p, p.mattersOf(kind)), DeedOn: p.today()}
	switch kind {
	case enforcement.KindPenalty:
		c.Procedure, c.Benchmark = p.profile.normID(normPenalty), p.profile.normID(normBenchmark)
	case enforcement.KindLevy:
		c.AmountClaimed = 120_000_00
	}
	p.do(m.as(domain.RoleOfficer), id, c)
	return id
}

// mattersOf are what acts of the kind are about, also where the agency has
// none of its own.
func (p *play) mattersOf(kind enforcement.Kind) []string {
	if list := p.profile.matters[kind]; len(list) > 0 {
		return list
	}
	return []string{"代征事项 Levied on behalf of another agency"}
}

// carry carries an act to its end: the other checks, the member decides.
func (p *play) carry(id string, m, other *member, decide enforcement.Decide) {
	ready := func() bool {
		if !p.certified(other) && !p.over {
			other = p.beside(m)
			if !p.over {
				p.do(p.leader(), id, enforcement.ReplaceOfficers{Officers: []domain.OfficerID{m.id, other.id}, Reason: "原承办人调离、停职或证件失效 the former was moved, suspended or lost the certificate"})
			}
		}
		return !p.over
	}
	step := func(by **member, code string) {
		if ready() {
			p.do((*by).as(domain.RoleOfficer), id, enforcement.TakeStep{Step: code})
		}
	}
	p.minutes(10, 60)
	step(&m, "accept")
	p.days(0, 1)
	step(&other, "check")
	p.days(1, 2)
	if !ready() {
		return
	}
	p.do(m.as(domain.RoleOfficer), id, decide)
	p.minutes(30, 90)
	step(&m, "serve")
	p.minutes(10, 30)
	p.do(m.as(domain.RoleOfficer), id, enforcement.Close{})
}
