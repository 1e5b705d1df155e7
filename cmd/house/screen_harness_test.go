package house

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/screening"
)

// workshop is a made-up agency whose officers, two on each act, decide acts by
// one procedure. Whoever is planted leaves a step out in every other act of
// their own; the others in one of sixteen.
type workshop struct {
	*life
	officers int
	acts     int
	party    string // whom acts are about; "": each about a party of its own
	lots     *rand.Rand
}

// workshopIn opens one that has not worked yet.
func workshopIn(t *testing.T, dir string, officers int) *workshop {
	w := &workshop{life: &life{t: t, dir: dir, now: domain.MustDate("2024-01-08").In(time.UTC).Add(time.Hour)}, officers: officers, lots: rand.New(rand.NewPCG(1, 2))}
	w.open()
	return w
}

// found founds it.
func (w *workshop) found() {
	w.do("hr:H1", "A", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	w.do("hr:H1", "W1", unit.Establish{UnitName: "窗口", UnitKind: unit.KindDepartment, Parent: "A"})
	for i := range w.officers {
		w.do("hr:H1", person(i), officer.Enroll{FullName: person(i), Unit: "W1"})
		w.do("hr:H1", person(i), officer.IssueCertificate{Number: "N" + person(i), ValidTo: domain.MustDate("2029-01-01")})
	}
	w.do("hr:H1", "NP", norm.Draft{Title: "levies", NormKind: norm.KindProcedure, Unit: "A", Owner: domain.OfficerID(person(0)), Steps: []norm.Step{
		{Code: "check", StepName: "check", StepKind: norm.StepOther}, {Code: "decide", StepName: "decide", StepKind: norm.StepDecide, Requires: []string{"check"}},
	}})
	w.do("leader:L1", "NP", norm.Adopt{From: domain.MustDate("2024-01-09")})
}

func person(i int) string { return fmt.Sprintf("P%02d", i) }

// on sets the clock.
func (w *workshop) on(day string) { w.now = domain.MustDate(day).In(time.UTC).Add(time.Hour) }

// decide records one act by two officers, decided on the day or, where that is
// "", now; skip leaves a step out.
func (w *workshop) decide(day string, skip bool, by, with int) {
	w.t.Helper()
	w.acts++
	id, at := fmt.Sprintf("E%04d", w.acts), time.Time{}
	if day != "" {
		at = domain.MustDate(day).In(time.UTC).Add(2 * time.Hour)
	}
	give := func(role domain.Role, actor string, c domain.Command) {
		w.t.Helper()
		w.count++
		_, err := w.Recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("i%d", w.count), Command: c,
			Act: domain.Act{Subject: id, Actor: domain.ActorID(actor), Role: role, OccurredAt: at}})
		if err != nil {
			w.t.Fatalf("%s: %v", c.Name(), err)
		}
	}
	give(domain.RoleLeader, "L1", enforcement.Open{ActKind: enforcement.KindLevy, Unit: "W1", Procedure: "NP", PartyKind: enforcement.PartyOrganisation,
		Party: cmp.Or(w.party, partyOf(w.acts)), Officers: []domain.OfficerID{domain.OfficerID(person(by)), domain.OfficerID(person(with))}, Matter: "levy " + id})
	if skip {
		give(domain.RoleOfficer, person(by), enforcement.AskOverride{Step: "check", Reason: "nobody was there"})
		give(domain.RoleLeader, "L2", enforcement.OverrideStep{Step: "check"})
	} else {
		give(domain.RoleOfficer, person(by), enforcement.TakeStep{Step: "check"})
	}
	give(domain.RoleLeader, "L1", enforcement.Decide{Outcome: enforcement.OutcomeLevied, Amount: 1000, Opinion: "so"})
}

// partyOf is a digest of a party of its own for each act.
func partyOf(act int) string { return fmt.Sprintf("sha256:%064x", act+1<<40) }

// month lets everybody decide four acts in a month, on the 15th, with changing
// others; planted are those who leave steps out.
func (w *workshop) month(month string, planted ...int) {
	w.t.Helper()
	w.on(month + "-15")
	for i := range w.officers {
		for k := range 4 {
			skip := w.lots.IntN(16) == 0
			for _, p := range planted {
				skip = skip || p == i && k%2 == 0
			}
			w.decide("", skip, i, (i+1+w.lots.IntN(w.officers-1))%w.officers)
		}
	}
}

var year = []string{"2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12", "2025-01"}

// planted is the folder of a year's work, with one who leaves steps out.
var planted = beginning{make: func(t *testing.T, dir string) {
	w := workshopIn(t, dir, 12)
	w.found()
	for _, m := range year {
		w.month(m, 0)
	}
	w.catchUp()
	w.close()
}}

// afterAYear opens a copy on the third of February.
func afterAYear(t *testing.T) *workshop {
	t.Helper()
	w := workshopIn(t, planted.in(t), 12)
	w.acts, w.count = 12*12*4, 100_000
	w.on("2025-02-03")
	t.Cleanup(func() {
		w.verify()
		w.close()
	})
	return w
}

// verify verifies the whole ledger.
func (w *workshop) verify() {
	w.t.Helper()
	if _, err := ledger.Verify(context.Background(), w.Store, ledger.VerifyConfig{Codec: w.Codec, Keys: w.Keys, Fast: true}); err != nil {
		w.t.Errorf("the ledger does not verify: %v", err)
	}
}

// screened lists what the statistics said, in the order of the ledger.
func (w *workshop) screened() (out []string) {
	w.t.Helper()
	mine := map[string]bool{}
	for s, err := range w.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			w.t.Fatal(err)
		}
		d, err := w.Codec.Decode(s)
		if err != nil {
			w.t.Fatal(err)
		}
		switch e := d.Event.(type) {
		case warning.Raised:
			if mine[d.Act.Subject] = screening.Find(e.Rule) != nil; mine[d.Act.Subject] {
				out = append(out, fmt.Sprintf("raised %s %s %s on %d of %d", e.Rule, e.Unit, e.Officer, len(e.Evidence), e.Exposure))
			} else if e.Rule == "rule.flooded" && strings.Contains(d.Act.Subject, ":peers.") {
				out = append(out, fmt.Sprintf("flooded by %d", e.Score))
			}
		case warning.Grouped:
			if mine[d.Act.Subject] {
				out = append(out, fmt.Sprintf("grouped %s on %d more", strings.Split(d.Act.Subject, ":")[1], len(e.Evidence)))
			}
		case warning.Escalated:
			if mine[d.Act.Subject] && !strings.HasPrefix(e.Reason, "nobody ") {
				out = append(out, "to the "+string(e.To)+", "+e.Reason)
			}
		}
	}
	return out
}

// settle dismisses all open warnings of the statistics.
func (w *workshop) settle() {
	w.t.Helper()
	list, err := w.Scheduler().systemReader().ScreenedWarnings(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, x := range list {
		if x.Open {
			w.do("inspector:I1", string(x.ID), warning.Acknowledge{})
			w.do("inspector:I1", string(x.ID), warning.Review{Opinion: "the step does not fit"})
			w.do("inspector:I1", string(x.ID), warning.Dismiss{Reason: "the procedure will be changed"})
		}
	}
	w.catchUp()
}

// last is the name of the last warning of the statistics.
func (w *workshop) last() (id string) {
	w.t.Helper()
	for s, err := range w.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			w.t.Fatal(err)
		}
		if d, err := w.Codec.Decode(s); err != nil {
			w.t.Fatal(err)
		} else if e, ok := d.Event.(warning.Raised); ok && screening.Find(e.Rule) != nil {
			id = d.Act.Subject
		}
	}
	return id
}

// night does what is due and compares, by a scheduler that remembers nothing and
// with views that show everything before and after. It returns what the
// comparing did.
func (w *workshop) night() Passed {
	w.t.Helper()
	w.catchUp()
	w.pass()
	p, err := w.Scheduler().Screen(context.Background(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.catchUp()
	return p
}
