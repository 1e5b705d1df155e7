package traceback_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/traceback"
)

// sanctioned is the case as the ledger hands it out: P7 bears its measure.
var sanctioned = domain.Sight{domain.CaseID("C1").Ref(): &misconduct.Case{
	Confirmed: []misconduct.Finding{{Officer: "P7", Result: misconduct.ResultSustained, Measure: domain.MeasureDemerit}}}}

// draw returns a history of commands drawn at random; what was refused left
// no trace in it.
func draw(t *testing.T, seed uint64) (events []domain.Event, acts []domain.Act) {
	rnd := rand.New(rand.NewPCG(seed, 7))
	pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
	link := func() string { return fmt.Sprintf("L%d", rnd.IntN(6)) }
	state := traceback.Room.NewState()
	for range 120 {
		actor := pick("P7", "P1", "inspector-wang", "inspector-he", "leader-chen", "leader-zhao")
		role := domain.Role(pick("inspector", "inspector", "leader"))
		trace := traceback.Trace{
			Link: link(), Officer: domain.OfficerID(pick("P1", "P2", "P3", "P7", "inspector-he")), Unit: "U1", Duty: "a duty", Stage: traceback.StageExAnte,
			Liability: traceback.Liability(pick("direct", "leading", "supervisory")), Intent: traceback.IntentNegligence, Weight: rnd.IntN(3) * 30,
		}
		for range rnd.IntN(3) {
			trace.Because = append(trace.Because, link())
		}
		moves := []domain.Command{
			traceback.Open{Cause: traceback.CauseFinding, Case: "C1", Officers: []domain.OfficerID{"P7"}, Fault: "gifts"},
			trace, trace, trace, traceback.Weigh{Link: link(), Weight: 50, Reason: "r"}, traceback.Weigh{Link: link(), Weight: 50, Reason: "r"},
			traceback.Clear{Link: link(), Reason: "r"}, traceback.Conclude{Opinion: "o"},
			traceback.HandOn{Link: link(), To: traceback.ToSanction, Measure: domain.MeasureWarning}, traceback.HandOn{Link: link(), To: traceback.ToOrganisational, Measure: domain.MeasureEducation},
			traceback.Excuse{Link: link(), Reason: "r"}, traceback.Excuse{Link: link(), Reason: "r"}, traceback.Close{},
		}
		act, c := domaintest.By(domain.ActorID(actor), role), moves[rnd.IntN(len(moves))]
		act.Sees = &sanctioned
		decided, err := traceback.Room.Decide(state, c, act, domain.CN2024())
		if err != nil && domain.RefusalCode(err) == "" {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		for _, e := range decided {
			traceback.Room.Apply(state, e, act)
			events, acts = append(events, e), append(acts, act)
		}
	}
	return events, acts
}

// Whatever is commanded in whatever order, what is recorded keeps the rules.
func TestNoOrderOfCommandsBreaksAGuard(t *testing.T) {
	reached := map[domain.Kind]int{}
	for seed := range uint64(300) {
		events, acts := draw(t, seed)
		links, cleared, settled := map[string]traceback.LinkTraced{}, map[string]bool{}, map[string]bool{}
		var tracers []domain.ActorID
		concerned := []domain.ActorID{"P7"}
		for i, e := range events {
			reached[e.Kind()]++
			if slices.Contains(concerned, acts[i].Actor) {
				t.Errorf("seed %d: %s by %s, who is concerned", seed, e.Kind(), acts[i].Actor)
			}
			switch e := e.(type) {
			case traceback.LinkTraced:
				for _, b := range e.Because {
					if _, before := links[b]; !before || cleared[b] {
						t.Errorf("seed %d: %s follows from %s, which does not stand", seed, e.Link, b)
					}
				}
				links[e.Link], tracers = e, append(tracers, acts[i].Actor)
				concerned = append(concerned, domain.ActorID(e.Officer))
			case traceback.LinkCleared:
				cleared[e.Link], tracers = true, append(tracers, acts[i].Actor)
			case traceback.LinkWeighed:
				tracers = append(tracers, acts[i].Actor)
			case traceback.Concluded:
				if slices.Contains(tracers, acts[i].Actor) {
					t.Errorf("seed %d: %s traced and concluded", seed, acts[i].Actor)
				}
				checkAnswers(t, seed, e.Links, links, cleared)
			case traceback.HandedOn:
				if e.Officer == "P7" || settled[e.Link] || cleared[e.Link] {
					t.Errorf("seed %d: %s is handed on against %s", seed, e.Link, e.Officer)
				}
				settled[e.Link] = true
			case traceback.LinkExcused:
				settled[e.Link] = true
			case traceback.Closed:
				for code := range links {
					if !cleared[code] && !settled[code] {
						t.Errorf("seed %d: closed though nothing became of %s", seed, code)
					}
				}
			}
		}
	}
	for _, e := range traceback.Room.Events {
		if reached[e.Kind] == 0 && e.Kind != "traceback.imported.v1" {
			t.Errorf("no draw reached %s", e.Kind)
		}
	}
}

// checkAnswers holds the conclusion against the links that were traced.
func checkAnswers(t *testing.T, seed uint64, answers []traceback.Answer, links map[string]traceback.LinkTraced, cleared map[string]bool) {
	t.Helper()
	var direct func(code string) bool
	direct = func(code string) bool {
		return !cleared[code] && (links[code].Liability == traceback.LiabilityDirect || slices.ContainsFunc(links[code].Because, direct))
	}
	for _, a := range answers {
		if cleared[a.Link] || (a.Liability == traceback.LiabilityDirect && a.Weight == 0) || !direct(a.Link) {
			t.Errorf("seed %d: %+v does not stand on a direct link that was weighed", seed, a)
		}
	}
}
