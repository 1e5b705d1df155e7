package house

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/overhttp"
)

// Whoever asks again with the same id is told what came of it the first time.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	d := newDistrict(t)
	intake := inA("T1", domain.RoleIntake)
	query := `mutation($r: ReporterInput) { did: complaintReceive(subject: "c1", id: "once", input: {channel: LETTER, category: "delay", summary: "slow", realName: true, unit: "A1", reporter: $r}) {
		id stream recorded repeated position events { id kind } } }`
	reporter := map[string]any{"r": map[string]any{"name": "林静雯", "phone": "13800000000"}}
	// The client goes away while the answer is on its way.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := d.service.Do(ctx, intake, overhttp.Request{Query: query, Variables: reporter}); r.HasData {
		t.Errorf("answered %s", r.Data)
	}
	first, errs := d.do(intake, query, reporter)
	if len(errs) > 0 || first.Repeated || first.ID != "once" || len(first.Events) != 2 {
		t.Fatalf("%+v, %v", first, errs)
	}
	again, errs := d.do(intake, query, reporter)
	first.Repeated = true
	if diff := cmp.Diff(first, again); diff != "" || len(errs) > 0 {
		t.Errorf("asked again (-first +again): %v\n%s", errs, diff)
	}
	for name, other := range map[string]string{"other content": strings.Replace(query, "slow", "fast", 1), "another reporter": query} {
		variables := reporter
		if other == query {
			variables = map[string]any{"r": map[string]any{"name": "陈"}}
		}
		if _, errs := d.do(intake, other, variables); len(errs) != 1 || told(errs[0]).Field != "id" {
			t.Errorf("%s under the same id: %v", name, errs)
		}
	}
}

// Who reported is sealed on its way in, and a dry run seals nothing.
func TestAMutationSealsWhoReported(t *testing.T) {
	d := newDistrict(t)
	intake := inA("T1", domain.RoleIntake)
	query := `mutation($r: ReporterInput, $dry: Boolean, $prepare: Boolean) { did: complaintReceive(subject: "c1", dryRun: $dry, prepare: $prepare, input: {channel: LETTER, category: "delay", summary: "slow", realName: true, unit: "A1", reporter: $r}) {
		id stream recorded events { id kind event { data } } followed { data } } }`
	reporter := map[string]any{"name": "林静雯", "note": "secret word"}
	vault := func() int {
		entries, err := os.ReadDir(filepath.Join(d.Dir, vaultDir))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return len(entries)
	}
	before, keys := len(payloads(t, d.Store)), vault()
	tried, errs := d.do(intake, query, map[string]any{"r": reporter, "dry": true})
	if len(errs) > 0 || tried.Recorded || len(tried.Events) != 2 {
		t.Fatalf("%+v, %v", tried, errs)
	}
	if _, errs := d.do(intake, query, map[string]any{"r": reporter, "prepare": true}); len(errs) != 1 || told(errs[0]).Field != "input.reporter" {
		t.Errorf("prepared: %v", errs)
	}
	if _, errs := d.do(intake, query, map[string]any{"r": map[string]any{}}); len(errs) != 1 || told(errs[0]).Field != "input.reporter" {
		t.Errorf("a reporter of whom nothing is said: %v", errs)
	}
	if _, errs := d.do(intake, query, map[string]any{"r": map[string]any{"note": strings.Repeat("林", 1000)}}); len(errs) != 1 || told(errs[0]).Field != "input.reporter.note" || strings.Contains(errs[0].Message, "林") {
		t.Errorf("a reporter of whom too much is said: %v", errs)
	}
	if now := len(payloads(t, d.Store)); now != before || vault() != keys {
		t.Errorf("%d events and %d keys came of what was not recorded", now-before, vault()-keys)
	}
	r := d.service.Do(t.Context(), intake, overhttp.Request{Query: query, Variables: map[string]any{"r": reporter}})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	seen := strings.Join(payloads(t, d.Store), "\n") + d.log.String() + string(r.Data.(json.RawMessage))
	err := filepath.WalkDir(d.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		seen += string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(seen, "林静雯") || strings.Contains(seen, "secret word") || !strings.Contains(seen, "complaint.reporter_sealed.v1") {
		t.Error("who reported stands in plain words in what is kept, shown or logged, or was not sealed")
	}
	opened, err := d.Unseal(t.Context(), intake, "c1", "to ask")
	if err != nil || opened.Reporter.Name != "林静雯" || opened.Reporter.Note != "secret word" {
		t.Errorf("%+v, %v", opened, err)
	}
}

// Mutations of one document come one after another: what one does the next
// builds on, and what one is refused undoes nothing.
func TestMutationsOfADocumentComeInTurn(t *testing.T) {
	d := newDistrict(t)
	r := d.service.Do(t.Context(), inA("R1", domain.RoleHR), overhttp.Request{Query: `mutation {
		a: unitEstablish(subject: "A2", input: {name: "two", kind: DEPARTMENT, parent: "A"}) { events { event { kind subject { id } } } }
		b: unitEstablish(subject: "A3", input: {name: "three", kind: DEPARTMENT, parent: "B"}) { stream }
		c: postDefine(subject: "new", input: {title: "desk", unit: "A2", leader: false}) { repeated events { event { kind } } followed { kind } }
		d: unitRename(subject: "A2", input: {name: "dry"}, dryRun: true) { recorded revision position events { kind event { kind } } }
	}`})
	want := `{"a":{"events":[{"event":{"kind":"unit.established.v1","subject":{"id":"A2"}}}]},"b":null,` +
		`"c":{"repeated":false,"events":[{"event":{"kind":"post.defined.v1"}}],"followed":[]},` +
		`"d":{"recorded":false,"revision":null,"position":null,"events":[{"kind":"unit.renamed.v1","event":null}]}}`
	if !r.HasData {
		t.Fatal(r.Errors)
	}
	if got := string(r.Data.(json.RawMessage)); got != want || len(r.Errors) != 1 || told(r.Errors[0]).Field != "input.parent" {
		t.Errorf("got %s\nwant %s\n%v", got, want, r.Errors)
	}
}
