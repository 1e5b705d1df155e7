package projections_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

// notes records that somebody read the file.
func (h *house) notes(id domain.OfficerID, by domain.ActorID) {
	h.t.Helper()
	at := h.now
	h.do("system:"+string(domain.ActorSystem), string(id), access.Note{Reader: by, Role: domain.RoleAuditor, Why: "audit", Count: 1, From: at, To: at})
}

// Reading a file again after somebody read it costs one small statement, for
// whoever sees the readings and whoever does not, and not the whole file.
func TestAReadingDropsNoKeptFile(t *testing.T) {
	h := agency(t)
	h.on("2024-05-07")
	v := h.built()
	statements := func(p projections.Principal) int {
		t.Helper()
		r := v.As(p)
		if f, err := r.RecordFile(context.Background(), "P1", projections.AsOf{}); err != nil || f == nil {
			t.Fatal(f, err)
		}
		return r.Statements()
	}
	for _, p := range []projections.Principal{auditor, as(domain.RoleHR, "R1", "A")} {
		statements(p)
		kept := statements(p)
		for range 3 {
			h.notes("P1", "X")
			h.catchUp(v)
			if got := statements(p); got != kept+1 {
				t.Errorf("%s: %d statements after a reading, want %d", p.Role, got, kept+1)
			}
			if got := statements(p); got != kept {
				t.Errorf("%s: %d statements once the reading was added, want %d", p.Role, got, kept)
			}
		}
		h.do("hr:R1", "P1", officer.CompleteTraining{Course: "law", Hours: 1})
		h.catchUp(v)
		if got := statements(p); got != kept+2 { // it is folded, and its newest event found
			t.Errorf("%s: %d statements after an event of the file, want %d", p.Role, got, kept+2)
		}
	}
}

// Readings and other events come in any order, files are asked for in
// between or not, now and as of then: each is what it is without keeping any.
func TestAFileWithReadingsAddedIsTheWholeFile(t *testing.T) {
	h := agency(t)
	h.on("2024-05-07")
	v, plain := h.keepingAndNot()
	before := h.now
	readers := []projections.Principal{auditor, as(domain.RoleHR, "R1", "A"), as(domain.RoleOfficer, "P3"), as(domain.RoleInspector, "I2", "A")}
	var earlier []int
	for i, happens := range []string{"read", "", "read", "read", "trained", "read", "concluded", "read", "imported", "", "trained", "read", "read"} {
		switch happens {
		case "read":
			h.notes("P3", "X")
		case "trained":
			h.do("hr:R1", "P3", officer.CompleteTraining{Course: fmt.Sprint("law ", i), Hours: 1})
		case "concluded":
			h.do("handler:H2", "C4", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "nobody passed"})
		case "imported":
			h.do("importer:M", "P3", access.Import{Reader: "I2", Role: "inspector", Count: 1})
		}
		h.catchUp(v)
		h.catchUp(v)
		if i%4 == 3 {
			continue // nobody asks
		}
		for _, as := range []projections.AsOf{{}, {Recorded: before}, {Recorded: h.now}, {Occurred: before.Add(3 * time.Second)}} {
			for _, p := range readers {
				if diff := cmp.Diff(recordFile(t, plain, p, "P3", as), recordFile(t, v, p, "P3", as)); diff != "" {
					t.Fatalf("%s after %q, %d, as of %+v (-want +got):\n%s", p.Role, happens, i, as, diff)
				}
			}
		}
		earlier = append(earlier, len(recordFile(t, v, auditor, "P3", projections.AsOf{}).Readings))
	}
	if diff := cmp.Diff([]int{1, 1, 2, 3, 4, 4, 6, 6, 6, 8}, earlier); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
}

// BenchmarkFileOf2000 is a large record file when it is kept, when somebody
// read it meanwhile, and when it has to be folded anew.
func BenchmarkFileOf2000(b *testing.B) {
	h := agency(b)
	h.on("2024-05-07")
	for i := range 2000 {
		h.do("hr:R1", "P1", officer.CompleteTraining{Course: fmt.Sprint("law ", i), Hours: 1})
	}
	v := h.built()
	for _, c := range []struct {
		name  string
		event func()
	}{
		{"kept", func() {}},
		{"read", func() { h.notes("P1", "X") }},
		{"changed", func() { h.do("hr:R1", "P1", officer.CompleteTraining{Course: "law", Hours: 1}) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			recordFile(b, v, auditor, "P1", projections.AsOf{})
			var took time.Duration
			for b.Loop() {
				c.event()
				h.catchUp(v)
				began := time.Now()
				recordFile(b, v, auditor, "P1", projections.AsOf{})
				took += time.Since(began)
			}
			b.ReportMetric(float64(took.Microseconds())/float64(b.N), "µs/file")
		})
	}
}
