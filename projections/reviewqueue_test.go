package projections_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

// queued records officers of old records who are complained about. Of the
// complaints of each of two categories concluded, "bribes" are borne out more
// often. QA has four of these, one borne out; QB six about delay, none; QC two of
// delay and QD, who began in 2020, likewise; QE left the service; QF is in D2.
func queued(t testing.TB) *house {
	h := newHouse(t)
	h.people()
	h.on("2024-04-01")
	n := 0
	report := func(category, on string, result misconduct.Result, about ...domain.OfficerID) {
		n++
		id := fmt.Sprintf("RQ%02d", n)
		h.do("importer:M", id, complaint.Import{ReceivedOn: domain.MustDate(on), Category: category, Summary: "slow", Unit: "W1", Officers: about})
		if result != "" {
			h.do("importer:M", id, misconduct.ImportFinding{Complaint: domain.ComplaintID(id), Officer: about[0], Unit: "W1", Category: category, Result: result})
		}
	}
	for _, id := range []string{"QA", "QB", "QC", "QD", "QE", "QF"} {
		o := officer.Import{Unit: "W1", EnrolledOn: domain.MustDate("2020-06-04")}
		switch id {
		case "QE":
			o.SeparatedOn = domain.MustDate("2023-01-01")
		case "QF":
			o.Unit = "D2"
		case "QC":
			o.EnrolledOn = domain.Date{}
		}
		h.do("importer:M", id, o)
	}
	report("bribes", "2024-01-10", misconduct.ResultSustained, "QA")
	for range 3 {
		report("bribes", "2024-02-10", "", "QA")
	}
	for range 6 {
		report("delay", "2024-03-01", misconduct.ResultNotSustained, "QB")
	}
	for _, id := range []domain.OfficerID{"QD", "QC"} {
		report("delay", "2024-03-01", "", id)
		report("delay", "2024-02-01", misconduct.ResultPending, id)
	}
	report("bribes", "2023-01-01", misconduct.ResultSustained, "QE")
	report("bribes", "2023-01-01", misconduct.ResultSustained, "QE")
	report("bribes", "2024-01-01", misconduct.ResultNotApplicable, "QF")
	report("bribes", "2024-03-01", misconduct.ResultSustained, "I1", "QC")
	return h
}

func toldQueue(t testing.TB, r *projections.Reader, unit domain.UnitID, first int) []string {
	t.Helper()
	q, err := r.ReviewQueue(context.Background(), unit)
	if err != nil {
		t.Fatal(err)
	}
	if q == nil {
		return nil
	}
	places, err := r.Head(context.Background(), q, first)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprintf("%d officers, %d reports, %d upheld", q.Officers, q.Reports, q.Upheld)}
	for _, p := range places {
		out = append(out, fmt.Sprintf("%d %s: %d, %d upheld, %d open, last %s, %d months, %d acts", p.Place, p.Officer, p.Reports, p.Upheld, p.Open, p.LastOn, p.Months, p.Acts))
	}
	return out
}

func TestTheReviewQueue(t *testing.T) {
	v := queued(t).built()
	const head = "1 QA: 4, 1 upheld, 3 open, last 2024-02-10, 47 months, 0 acts"
	for _, c := range []struct {
		name  string
		who   projections.Principal
		unit  domain.UnitID
		first int
		want  []string
	}{
		// Reports of bribes were borne out each time, those of delay never: one of the former
		// weighs more than six of the latter. Who weighs about the same shares a place.
		{"an auditor sees all who serve", auditor, "", 50, []string{"6 officers, 17 reports, 2 upheld", head,
			"2 I1: 1, 1 upheld, 0 open, last 2024-03-01, 16 months, 0 acts",
			"3 QC: 3, 0 upheld, 3 open, last 2024-03-01, 0 months, 0 acts",
			"3 QF: 1, 0 upheld, 1 open, last 2024-01-01, 47 months, 0 acts",
			"5 QB: 6, 0 upheld, 0 open, last 2024-03-01, 47 months, 0 acts",
			"5 QD: 2, 0 upheld, 2 open, last 2024-03-01, 47 months, 0 acts"}},
		{"the head of it", auditor, "", 1, []string{"6 officers, 17 reports, 2 upheld", head}},
		{"a unit with what lies below, weighed by all that is seen", auditor, "D2", 50, []string{"1 officers, 1 reports, 0 upheld", "1 QF: 1, 0 upheld, 1 open, last 2024-01-01, 47 months, 0 acts"}},
		{"an inspector is not in it, nor what they are reported with", as(domain.RoleInspector, "I1", "D1"), "", 50, []string{"4 officers, 14 reports, 1 upheld", head,
			"2 QB: 6, 0 upheld, 0 open, last 2024-03-01, 47 months, 0 acts",
			"2 QC: 2, 0 upheld, 2 open, last 2024-03-01, 0 months, 0 acts",
			"2 QD: 2, 0 upheld, 2 open, last 2024-03-01, 47 months, 0 acts"}},
		{"nor is whoever is reported to themselves", as(domain.RoleLeader, "QA", "A"), "", 1, []string{"5 officers, 13 reports, 1 upheld", "1 I1: 1, 1 upheld, 0 open, last 2024-03-01, 16 months, 0 acts"}},
		// Of D2 a report is seen that names nobody else.
		{"a leader of the other unit", as(domain.RoleLeader, "L1", "D2"), "", 50, []string{"1 officers, 1 reports, 0 upheld", "1 QF: 1, 0 upheld, 1 open, last 2024-01-01, 47 months, 0 acts"}},
		{"and a unit out of scope", as(domain.RoleLeader, "L1", "D2"), "W1", 50, nil},
		{"hr", as(domain.RoleHR, "R1", "A"), "", 50, nil},
		{"intake, who sees complaints", as(domain.RoleIntake, "T1", "A"), "", 50, nil},
		{"a handler, who works on some", as(domain.RoleHandler, "H1"), "", 50, nil},
		{"an officer", as(domain.RoleOfficer, "QA"), "", 50, nil},
		{"an overseer", as(domain.RoleOverseer, "O", "A"), "", 50, nil},
		{"the public", as(domain.RolePublic, ""), "", 50, nil},
		{"an importer", as(domain.RoleImporter, "M"), "", 50, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 { // the second is answered from memory
				if diff := cmp.Diff(c.want, toldQueue(t, v.As(c.who), c.unit, c.first)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
	for _, first := range []int{-1, 0, projections.MaxReviewPlaces + 1} {
		if _, err := v.As(auditor).Head(context.Background(), &projections.ReviewQueue{}, first); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("the first %d: %v", first, err)
		}
	}
}

// Equal histories queue equally, in whatever order they came.
func TestPlacesOfEqualsAreStable(t *testing.T) {
	var queues [][]string
	for _, ids := range [][]domain.OfficerID{{"P1", "P2", "P3"}, {"P3", "P1", "P2"}} {
		h := newHouse(t)
		h.people()
		h.on("2024-04-01")
		for i, id := range ids {
			h.do("importer:M", fmt.Sprint("RQ", i), complaint.Import{ReceivedOn: domain.MustDate("2024-03-01"), Category: "delay", Summary: "slow", Unit: "W1", Officers: []domain.OfficerID{id}})
		}
		queues = append(queues, toldQueue(t, h.built().As(auditor), "", 50))
	}
	if diff := cmp.Diff(queues[0], queues[1]); diff != "" || len(queues[0]) != 4 || queues[0][3][:4] != "1 P3" {
		t.Errorf("%v\n%s", queues[0], diff)
	}
}

// Acts that were decided tell how often somebody could be complained about.
func TestTheQueueTellsExposure(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.ruled().enforced()
	h.on("2024-04-10")
	h.do("importer:M", "RQ", complaint.Import{ReceivedOn: domain.MustDate("2024-03-01"), Category: "delay", Summary: "slow", Unit: "W1", Officers: []domain.OfficerID{"P1"}})
	want := []string{"1 officers, 1 reports, 0 upheld", "1 P1: 1, 0 upheld, 1 open, last 2024-03-01, 16 months, 4 acts"}
	if diff := cmp.Diff(want, toldQueue(t, h.built().As(auditor), "", 50)); diff != "" {
		t.Error(diff)
	}
}

// Nothing that a place holds is of whoever reported: neither a text, nor an id
// but that of the officer, nor which complaint it was.
func TestTheQueueHoldsNothingOfReporters(t *testing.T) {
	for f := range reflect.TypeFor[projections.ReviewPlace]().Fields() {
		switch f.Type {
		case reflect.TypeFor[int](), reflect.TypeFor[domain.Date](), reflect.TypeFor[domain.OfficerID]():
		default:
			t.Errorf("%s is a %s", f.Name, f.Type)
		}
	}
}

// What was taken back waits for nobody, and says nothing of what others are worth.
func TestWhatWasWithdrawnIsNotOpen(t *testing.T) {
	h := newHouse(t)
	h.people()
	for i, withdrawn := range []bool{true, true, false} {
		id := fmt.Sprint("RW", i)
		h.complain(id, "H1", "W1", "delay", "late", "P1")
		if withdrawn {
			h.do("intake:T1", id, complaint.Withdraw{Reason: "settled"})
		}
	}
	got := toldQueue(t, h.built().As(auditor), "", 50)
	if len(got) != 2 || !strings.Contains(got[1], "P1: 3, 0 upheld, 1 open") {
		t.Errorf("%q", got)
	}
}

// Whoever serves in a unit that the principal has an interest in is not in the
// queue, whatever unit the complaint is of.
func TestTheQueueLeavesOutUnitsOfAnInterest(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.on("2024-04-10")
	h.do("officer:I1", "I1", officer.DeclareInterest{Nature: "founder", Unit: "W1"})
	for i, who := range []domain.OfficerID{"P1", "P2"} {
		h.do("importer:M", fmt.Sprint("RX", i), complaint.Import{ReceivedOn: domain.MustDate("2024-03-01"), Category: "delay", Summary: "slow", Unit: "D1", Officers: []domain.OfficerID{who}})
	}
	v := h.built()
	if got := toldQueue(t, v.As(as(domain.RoleInspector, "I2", "A")), "", 50); len(got) != 3 {
		t.Errorf("another is told %q", got)
	}
	if got := toldQueue(t, v.As(as(domain.RoleInspector, "I1", "A")), "", 50); len(got) != 2 || !strings.Contains(got[1], "P2") {
		t.Errorf("whoever has the interest is told %q", got)
	}
}

// What was weighed for one unit is not weighed again for the next.
func TestTheQueueIsWeighedOnceForAllUnits(t *testing.T) {
	v := queued(t).built()
	asked := func(unit domain.UnitID) int {
		toldQueue(t, v.As(auditor), unit, 1)
		_, bytes := v.Kept()
		return bytes
	}
	all := asked("")
	if more := asked("D2") - all; more*2 > all {
		t.Errorf("%d bytes are kept for all units, %d more for one of them", all, more)
	}
}
