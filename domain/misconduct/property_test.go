package misconduct_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// tale is one history: what was decided when commands were drawn at random.
type tale struct {
	book   *domain.Rulebook
	state  any
	acts   []domain.Act
	events []domain.Event
}

func (l *tale) try(t *testing.T, c domain.Command, act domain.Act) {
	t.Helper()
	act = domaintest.Seeing(misconduct.Room, l.state, c, act)
	if _, asked := (*act.Sees)[domain.NormID("N1").Ref()]; asked {
		text := list
		(*act.Sees)[domain.NormID("N1").Ref()] = &text
	}
	events, err := misconduct.Room.Decide(l.state, c, act, l.book)
	if err != nil && domain.RefusalCode(err) == "" {
		t.Fatalf("%s: %v", c.Name(), err)
	}
	act.Sees = nil
	for _, e := range events {
		misconduct.Room.Apply(l.state, e, act)
		l.acts, l.events = append(l.acts, act), append(l.events, e)
	}
}

// draw gives some hundred commands, some days apart; about one in eight is
// said to have happened up to a month before it is recorded.
func drawTale(t *testing.T, seed uint64) *tale {
	rnd := rand.New(rand.NewPCG(seed, 11))
	one := func(of ...string) string { return of[rnd.IntN(len(of))] }
	l := &tale{book: affairs(), state: misconduct.Room.NewState()}
	measures := []string{"", "education", "warning", "demerit", "major_demerit", "removal", "dismissal"}
	finding := func() []misconduct.Finding {
		f := misconduct.Finding{Officer: domain.OfficerID(one("P7", "P8")), Allegation: one("gifts", "absence"), Result: misconduct.Result(one("sustained", "sustained", "sustained", "unfounded", "partly_sustained")),
			Intent: misconduct.IntentIntent, Opinion: "so", DeedOn: day(one("2024-01-10", "2024-02-20", "2022-05-05")), Measure: domain.Measure(one(measures...)),
			Class: one("A", "A", "A", ""), Departure: one("", "because"), Clause: one("G", "G", "H")}
		if f.Result == misconduct.ResultUnfounded {
			f.Measure, f.Class, f.Departure = "", "", ""
		}
		if rnd.IntN(2) == 0 {
			f.Norm = "N1"
		}
		return []misconduct.Finding{f}
	}
	now := domaintest.On("2024-03-04")
	for range 300 {
		now = now.Add(time.Duration(rnd.IntN(rnd.IntN(3*24)+1)) * time.Hour)
		o := domain.OfficerID(one("P7", "P8"))
		outcome := misconduct.Outcome(one("upheld", "varied", "overturned"))
		var varied []misconduct.Finding
		if outcome == misconduct.OutcomeVaried {
			varied = finding()
		}
		moves := []domain.Command{
			misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7", "P8"}, Conduct: "gifts"},
			misconduct.NameInvestigators{Investigators: []domain.ActorID{"I1", domain.ActorID(one("I1", "I2", "P7"))}},
			misconduct.NameInvestigators{Investigators: []domain.ActorID{"I1", "I2"}[:1+rnd.IntN(2)]},
			misconduct.RecordDiscovery{Officer: o, On: day(one("2024-01-12", "2024-03-01")), Basis: "audit"},
			misconduct.BeginTolling{Officer: o, Ground: one("waiver", "criminal_case"), Reason: "so"}, misconduct.EndTolling{Officer: o},
			misconduct.GiveNotice{Officer: o}, misconduct.GiveNotice{Officer: o}, misconduct.HearStatement{Officer: o, Waived: true}, misconduct.HearStatement{Officer: o, Waived: true},
			misconduct.ProposeFinding{Findings: finding()}, misconduct.ProposeFinding{Findings: finding()}, misconduct.ProposeFinding{Findings: finding()},
			misconduct.ConfirmFinding{Departure: one("", "indeed")}, misconduct.RejectFinding{Reason: "thin"},
			misconduct.Appeal{Officer: o, Ground: "loan"}, misconduct.Appeal{Officer: o, Ground: "loan"}, misconduct.DecideAppeal{Officer: o, Outcome: outcome, Opinion: "so", Findings: varied},
			misconduct.AskRereview{Officer: o, Ground: "loan"}, misconduct.AskRereview{Officer: o, Ground: "loan"}, misconduct.DecideRereview{Officer: o, Outcome: outcome, Opinion: "so", Findings: varied},
			misconduct.Analyse{Aspect: misconduct.Aspect(one("person", "institution")), Text: "so"}, misconduct.Archive{},
		}
		switch rnd.IntN(400) {
		case 0, 1, 2, 3:
			moves = []domain.Command{misconduct.WidenScope{Officers: []domain.OfficerID{o}, Conduct: "more"}}
		case 4:
			moves = []domain.Command{misconduct.Dismiss{Reason: "thin"}}
		}
		c := moves[rnd.IntN(len(moves))]
		role := c.(interface{ By() []domain.Role }).By()[0]
		who := map[domain.Role][]string{domain.RoleInspector: {"I1", "I2"}, domain.RoleLeader: {"L1", "L2", "L3"}, domain.RoleOfficer: {string(o)}}[role]
		if rnd.IntN(6) == 0 { // somebody who may not
			who, role = []string{"I1", "I2", "L1", "P7"}, domain.Role(one("inspector", "leader", "officer"))
		}
		if rnd.IntN(400) == 0 {
			now = now.AddDate(1, 0, 0) // a case that is left lying
		}
		act := domaintest.At(domaintest.By(domain.ActorID(one(who...)), role), now)
		if rnd.IntN(8) == 0 {
			act.OccurredAt = now.Add(-time.Duration(rnd.IntN(30*24)) * time.Hour)
		}
		l.try(t, c, act)
	}
	return l
}

// watched is what the test keeps of an officer to hold the rules against.
type watched struct {
	from    domain.Date
	spans   []domain.Span
	noticed bool
	heard   bool
	cap     int // the heaviest that may still be found; -1 for no cap
}

// Whatever is commanded in whatever order, what is recorded keeps the rules.
func TestNoOrderOfCommandsBreaksAGuard(t *testing.T) {
	reached := map[domain.Kind]int{}
	for seed := range uint64(400) {
		l := drawTale(t, seed)
		w := &watch{t: t, seed: seed, book: l.book, of: map[domain.OfficerID]*watched{}, analysed: map[misconduct.Aspect]bool{}}
		for i, e := range l.events {
			reached[e.Kind()]++
			w.see(e, l.acts[i])
		}
	}
	for _, kind := range []domain.Kind{"misconduct.tolling_ended.v1", "misconduct.discovery_recorded.v1", "misconduct.finding_confirmed.v2", "misconduct.appeal_decided.v2", "misconduct.rereviewed.v2", "misconduct.archived.v1"} {
		if reached[kind] == 0 {
			t.Errorf("no history came to %s; the draw proves nothing of it", kind)
		}
	}
}

type watch struct {
	t                   *testing.T
	seed                uint64
	book                *domain.Rulebook
	of                  map[domain.OfficerID]*watched
	investigated        []domain.ActorID
	proposer, confirmer domain.ActorID
	analysed            map[misconduct.Aspect]bool
}

func (w *watch) reach(officers []domain.OfficerID, day domain.Date) {
	for _, o := range officers {
		p := w.of[o]
		if p == nil {
			p = &watched{cap: -1}
			w.of[o] = p
		} else if !p.noticed {
			day = p.from
		}
		p.from, p.noticed, p.heard, p.cap = day, false, false, -1
	}
}

func (w *watch) see(e domain.Event, act domain.Act) {
	said, recorded := w.book.Calendar.Day(act.OccurredAt), w.book.Calendar.Day(act.RecordedAt)
	switch e := e.(type) {
	case misconduct.Opened:
		w.reach(e.Officers, said)
	case misconduct.ConductAdded:
		w.reach(e.Officers, said)
	case misconduct.InvestigatorsNamed:
		if len(e.Investigators) < 2 || slices.Contains(e.Investigators, "P7") {
			w.t.Errorf("seed %d: %v investigate", w.seed, e.Investigators)
		}
		w.investigated = append(w.investigated, e.Investigators...)
	case misconduct.DiscoveryRecorded:
		w.of[e.Officer].from = e.On
	case misconduct.TollingBegan:
		w.of[e.Officer].spans = append(w.of[e.Officer].spans, domain.Span{From: e.From, To: day("2100-01-01")})
	case misconduct.TollingEnded:
		spans := w.of[e.Officer].spans
		spans[len(spans)-1].To = e.To
	case misconduct.NoticeGiven:
		p := w.of[e.Officer]
		if last, _ := w.book.Limitation.Last(p.from, w.book.Calendar, p.spans...); !p.noticed && recorded.After(last) {
			w.t.Errorf("seed %d: notice to %s on %s, after %s", w.seed, e.Officer, recorded, last)
		}
		p.noticed = true
	case misconduct.StatementHeard:
		w.of[e.Officer].heard = true
	case misconduct.FindingProposed:
		w.proposer = act.Actor
		w.weigh(e.Findings, true)
	case misconduct.FindingConfirmed:
		w.confirmer = act.Actor
		if act.Actor == w.proposer || slices.Contains(w.investigated, act.Actor) {
			w.t.Errorf("seed %d: %s confirmed their own finding", w.seed, act.Actor)
		}
		if departs := slices.ContainsFunc(e.Findings, func(f misconduct.Finding) bool { return f.Departure != "" }); departs != (e.Departure != "") {
			w.t.Errorf("seed %d: a departure is confirmed without a word, or the other way round", w.seed)
		}
	case misconduct.AppealDecided:
		w.decided(act.Actor, e.Findings)
	case misconduct.Rereviewed:
		w.decided(act.Actor, e.Findings)
	case misconduct.Analysed:
		w.analysed[e.Aspect] = true
	case misconduct.Archived:
		if len(w.analysed) < 2 {
			w.t.Errorf("seed %d: archived after %v", w.seed, w.analysed)
		}
	}
}

func (w *watch) decided(who domain.ActorID, findings []misconduct.Finding) {
	if who == w.confirmer || who == w.proposer || slices.Contains(w.investigated, who) {
		w.t.Errorf("seed %d: %s decided on their own finding", w.seed, who)
	}
	w.weigh(findings, false)
}

// weigh holds findings against the clause, the matrix and those before.
func (w *watch) weigh(findings []misconduct.Finding, proposed bool) {
	place := func(m domain.Measure) int {
		_, i, _ := w.book.Sanction.Rung(m)
		return i
	}
	for _, f := range findings {
		p := w.of[f.Officer]
		heavy := 0
		if f.Result.BearsOut() {
			heavy = place(f.Measure) + 2
			if proposed && !(p.noticed && p.heard) {
				w.t.Errorf("seed %d: %s was found against unheard", w.seed, f.Officer)
			}
		}
		if p.cap >= 0 && heavy > p.cap {
			w.t.Errorf("seed %d: it became heavier for %s: %d after %d", w.seed, f.Officer, heavy, p.cap)
		}
		p.cap = heavy
		if f.Result == misconduct.ResultPartlySustained {
			w.t.Errorf("seed %d: a result that the book has not", w.seed)
		}
		if !f.Result.BearsOut() {
			continue
		}
		if inside := place(f.Measure) >= place("education") && place(f.Measure) <= place("warning"); inside == (f.Departure != "") {
			w.t.Errorf("seed %d: %s departs for %q", w.seed, f.Measure, f.Departure)
		}
		if f.Norm == "" {
			continue
		}
		v, ok := list.InForce(f.DeedOn)
		c, has := v.Clause(f.Clause)
		if !ok || !has || f.NormVersion != v.Number || place(f.Measure) < place(c.Least) || place(f.Measure) > place(c.Most) {
			w.t.Errorf("seed %d: %s for clause %s (version %d) on %s", w.seed, f.Measure, f.Clause, f.NormVersion, f.DeedOn)
		}
	}
}
