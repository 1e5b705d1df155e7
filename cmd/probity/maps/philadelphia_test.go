package maps_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/probity/maps"
	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// records returns the folder of the real records, which lie beside the
// project, or skips the test.
func records(t testing.TB) (complaints, findings string) {
	t.Helper()
	dir := filepath.Join(moduleRoot(t), "..", "shared", "data", "philadelphia")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the records of Philadelphia are not at ../shared/data/philadelphia beside the project: %v", err)
	}
	return filepath.Join(dir, "complaints.csv"), filepath.Join(dir, "findings.csv")
}

func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// house is a recorder over a store, and what reads it back.
type house struct {
	store    ledger.Store
	codec    *ledger.Codec
	recorder *ledger.Recorder
}

func newHouse(t testing.TB, store ledger.Store) house {
	t.Helper()
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	codec := ledger.NewCodec(catalog.New(), "test.example/ledger")
	return house{store, codec, ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: codec, Book: domain.CN2024(), Now: time.Now,
	})}
}

func (h house) plan(t testing.TB, paths ...string) *spreadsheet.Plan {
	t.Helper()
	text, err := maps.Open("philadelphia")
	if err != nil {
		t.Fatal(err)
	}
	m, err := spreadsheet.Parse("philadelphia.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Plan(h.codec, domain.CN2024(), paths...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// counts is what the records of Philadelphia must come out as.
type counts struct {
	Complaints, WithoutFinding int
	Findings, Unidentified     int
	Units, Officers            int
	Results                    map[misconduct.Result]int
	Disciplines                map[misconduct.Discipline]int
	SustainedPending           int
	// Again counts findings that say word for word what another of their
	// case says.
	Again int
}

// wanted are the counts of the data's own description, but for the two rows
// of 8,839 that are rejected: neither is a finding here. 17 sustained rows
// have no discipline to speak of.
var wanted = counts{
	Complaints: 3388, WithoutFinding: 6,
	Findings: 8837, Unidentified: 537,
	Units: 111, Officers: 3006,
	Results: map[misconduct.Result]int{
		misconduct.ResultNotSustained: 6107, misconduct.ResultSustained: 1925,
		misconduct.ResultPending: 611, misconduct.ResultNotApplicable: 194,
	},
	Disciplines: map[misconduct.Discipline]int{
		misconduct.DisciplineTraining: 722, misconduct.DisciplineGuilty: 147, misconduct.DisciplineNotGuilty: 44,
		misconduct.DisciplinePending: 1606, misconduct.DisciplineNotApplicable: 6318,
	},
	SustainedPending: 995,
	Again:            724,
}

// fold reads the whole ledger and counts.
func (h house) fold(t testing.TB) (counts, int) {
	t.Helper()
	got := counts{Results: map[misconduct.Result]int{}, Disciplines: map[misconduct.Discipline]int{}}
	type row struct {
		source  string
		finding misconduct.FindingImported
	}
	found := map[row]bool{}
	complaints := map[string]bool{}
	events := 0
	for s, err := range h.store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		events++
		if !d.Act.Imported() || d.Act.Role != domain.RoleImporter || d.Act.Actor != "import:philadelphia" {
			t.Fatalf("%s was not recorded as imported: %+v", d.Stream, d.Act)
		}
		switch e := d.Event.(type) {
		case complaint.Imported:
			got.Complaints++
			// A finding may be recorded before its complaint: streams are
			// independent, and recorded side by side.
			if _, found := complaints[d.Act.Subject]; !found {
				complaints[d.Act.Subject] = true
			}
		case unit.Imported:
			got.Units++
		case officer.Imported:
			got.Officers++
		case misconduct.FindingImported:
			got.Findings++
			got.Results[e.Result]++
			got.Disciplines[e.Discipline]++
			if e.Officer == "" {
				got.Unidentified++
			}
			if e.Result == misconduct.ResultSustained && e.Discipline == misconduct.DisciplinePending {
				got.SustainedPending++
			}
			if r := (row{d.Act.Source, e}); found[r] {
				got.Again++
			} else {
				found[r] = true
			}
			complaints[string(e.Complaint)] = false
		default:
			t.Fatalf("unexpected %s", d.Event.Kind())
		}
	}
	for _, bare := range complaints {
		if bare {
			got.WithoutFinding++
		}
	}
	return got, events
}

func run(t testing.TB, h house, rejects *bytes.Buffer, paths ...string) spreadsheet.Summary {
	t.Helper()
	sum, err := spreadsheet.Run(context.Background(), h.plan(t, paths...), h.recorder, spreadsheet.Options{Rejects: rejects})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestPhiladelphia(t *testing.T) {
	complaints, findings := records(t)
	h := newHouse(t, ledgertest.NewMemory())
	var rejects bytes.Buffer
	sum := run(t, h, &rejects, complaints, findings)

	got, events := h.fold(t)
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("the import came out differently (-want +got):\n%s", diff)
	}
	want := []spreadsheet.FileSummary{
		{File: complaints, Input: "complaints", Rows: 3388, Recorded: 3388},
		{File: findings, Input: "findings", Rows: 8839, Recorded: 8837, Rejected: 2},
	}
	if diff := cmp.Diff(want, sum.Files); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}

	t.Run("the two broken rows stand in the rejects, with their place", func(t *testing.T) {
		rows, err := csv.NewReader(&rejects).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, r := range rows[1:] {
			got = append(got, []string{r[1], r[2], r[3], r[5], r[6], r[7]})
		}
		want := [][]string{
			{"6689", "6688", "investigative_findings", "#VALUE!", "19-0525", "57364694"},
			{"7514", "7513", "investigative_findings", "#VALUE!", "20-0096", "43414117"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rejects (-want +got):\n%s", diff)
		}
	})

	t.Run("importing the same files again adds nothing", func(t *testing.T) {
		again := run(t, h, &rejects, complaints, findings)
		if _, n := h.fold(t); n != events {
			t.Errorf("the ledger grew from %d to %d events", events, n)
		}
		if total := again.Total(); total.Recorded != 0 || total.Repeated != 3388+8837 || total.Rejected != 2 {
			t.Errorf("second run: %+v", total)
		}
	})

	t.Run("importing the files sorted otherwise adds nothing", func(t *testing.T) {
		dir := t.TempDir()
		sum := run(t, h, &rejects, reversed(t, complaints, dir), reversed(t, findings, dir))
		if _, n := h.fold(t); n != events {
			t.Errorf("the ledger grew from %d to %d events", events, n)
		}
		if total := sum.Total(); total.Recorded != 0 || total.Rejected != 2 {
			t.Errorf("run over the reversed files: %+v", total)
		}
	})
}

// reversed writes a copy of a file with its rows in the opposite order.
func reversed(t *testing.T, path, dir string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(rows[1:])
	out := filepath.Join(dir, filepath.Base(path))
	var buf bytes.Buffer
	if err := csv.NewWriter(&buf).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPhiladelphiaIntoTheEmbeddedStore(t *testing.T) {
	if testing.Short() {
		t.Skip("records 15,340 events with fsync")
	}
	complaints, findings := records(t)
	store, err := embedded.Open(t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	h := newHouse(t, store)
	began := time.Now()
	run(t, h, new(bytes.Buffer), complaints, findings)
	t.Logf("recorded, signed and durable after %v", time.Since(began).Round(time.Millisecond))
	got, _ := h.fold(t)
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("the import came out differently (-want +got):\n%s", diff)
	}
}

func TestEveryMapIsSound(t *testing.T) {
	codec := ledger.NewCodec(catalog.New(), "test.example/ledger")
	for _, name := range maps.Names() {
		t.Run(name, func(t *testing.T) {
			text, err := maps.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			m, err := spreadsheet.Parse(name+".yaml", text)
			if err != nil {
				t.Fatal(err)
			}
			if m.ID != name {
				t.Errorf("the map in %s.yaml calls itself %q", name, m.ID)
			}
			if err := m.Check(codec, domain.CN2024()); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := maps.Open("../maps/philadelphia"); err == nil {
		t.Error("a map outside the folder was opened")
	}
}
