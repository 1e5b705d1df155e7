package spreadsheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// A small room to import into: a person with a bag of things.

type person struct{ known bool }

type link struct {
	Name  string `json:"name,omitzero"`
	Stage int    `json:"stage,omitzero"`
}

type personImported struct {
	Name string `json:"name,omitzero"`
}

func (personImported) Kind() domain.Kind               { return "person.imported.v1" }
func (personImported) Apply(s *person, act domain.Act) { s.known = true }
func (thingImported) Kind() domain.Kind                { return "person.thing_imported.v1" }
func (thingImported) Apply(s *person, act domain.Act)  {}
func (importPerson) Name() domain.CommandName          { return "person.import" }
func (importPerson) By() []domain.Role                 { return []domain.Role{domain.RoleImporter} }
func (importThing) Name() domain.CommandName           { return "person.import_thing" }
func (importThing) By() []domain.Role                  { return []domain.Role{domain.RoleImporter} }
func (greet) Name() domain.CommandName                 { return "person.greet" }
func (greet) By() []domain.Role                        { return []domain.Role{domain.RoleHR} }

type importPerson struct {
	FullName string `json:"name,omitzero"`
}

func (c importPerson) Decide(s person, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.known {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this person is on file already")
	}
	if c.FullName == "Nobody" {
		return nil, domain.Refuse(domain.CodeInvalid, "name", "is no name")
	}
	return []domain.Event{personImported{c.FullName}}, nil
}

type thingImported struct {
	Text string `json:"text,omitzero"`
}

type importThing struct {
	Text  string      `json:"text,omitzero"`
	On    domain.Date `json:"on,omitzero"`
	At    time.Time   `json:"at,omitzero"`
	Count int         `json:"count,omitzero"`
	Yes   bool        `json:"yes,omitzero"`
	Tags  []string    `json:"tags,omitempty"`
	Links []link      `json:"links,omitempty"`
	Main  link        `json:"main,omitzero"`
}

func (c importThing) Decide(s person, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	return []domain.Event{thingImported{c.Text}}, nil
}

type greet struct{}

func (c greet) Decide(s person, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	return []domain.Event{personImported{}}, nil
}

func testCodec() *ledger.Codec {
	room := domain.NewAggregate("person", "人",
		[]domain.EventOf[person]{personImported{}, thingImported{}},
		[]domain.CommandOf[person]{importPerson{}, importThing{}, greet{}})
	return ledger.NewCodec(domain.NewCatalog(room), "test.example/ledger")
}

var testNow = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

// fakeRecorder remembers what it was given, in order, and recognises an
// instruction it has seen.
type fakeRecorder struct {
	mu    sync.Mutex
	ids   map[string]bool
	given []domain.Instruction
	// refuse is asked first, when set.
	refuse func(domain.Instruction) error
	busy   map[string]bool // streams at work
	broken string
}

func (f *fakeRecorder) Record(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
	stream := in.Command.Name().Room() + "-" + in.Act.Subject
	f.mu.Lock()
	if f.busy[stream] {
		f.broken = stream
	}
	if f.busy == nil {
		f.busy, f.ids = map[string]bool{}, map[string]bool{}
	}
	f.busy[stream] = true
	f.mu.Unlock()
	for range 20 { // let others run, so that a race would show
		time.Sleep(time.Microsecond)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy[stream] = false
	if err := ctx.Err(); err != nil {
		return ledger.Receipt{}, err
	}
	if f.refuse != nil {
		if err := f.refuse(in); err != nil {
			return ledger.Receipt{}, err
		}
	}
	if f.ids[in.ID] {
		return ledger.Receipt{Stream: stream, Repeated: true}, nil
	}
	f.ids[in.ID] = true
	f.given = append(f.given, in)
	return ledger.Receipt{Stream: stream}, nil
}

// said renders what was recorded, one line each: command, subject, data.
func (f *fakeRecorder) said(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, in := range f.given {
		data, err := json.Marshal(in.Command, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %s %s", in.Command.Name(), in.Act.Subject, data))
	}
	return out
}

// trial is one import in a test.
type trial struct {
	m       string
	files   map[string]string
	rec     *fakeRecorder
	options Options
}

func (tr *trial) paths(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, name := range slices.Sorted(maps.Keys(tr.files)) {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(tr.files[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}

func (tr *trial) plan(t *testing.T) (*Plan, error) {
	t.Helper()
	m, err := Parse("test.yaml", []byte(tr.m))
	if err != nil {
		t.Fatal(err)
	}
	return m.Plan(testCodec(), domain.CN2024(), tr.paths(t)...)
}

// run runs the import and returns what was said, and the rejects as
// "line/record column: reason [value]".
func (tr *trial) run(t *testing.T) (said, rejects []string, sum Summary) {
	t.Helper()
	said, rejects, sum, err := tr.try(t)
	if err != nil {
		t.Fatal(err)
	}
	return said, rejects, sum
}

func (tr *trial) try(t *testing.T) (said, rejects []string, sum Summary, err error) {
	t.Helper()
	p, err := tr.plan(t)
	if err != nil {
		t.Fatal(err)
	}
	if tr.rec == nil {
		tr.rec = &fakeRecorder{}
	}
	var buf bytes.Buffer
	o := tr.options
	o.Rejects, o.Now = &buf, func() time.Time { return testNow }
	sum, err = Run(context.Background(), p, tr.rec, o)
	if tr.rec.broken != "" {
		t.Errorf("two instructions for %s were under way at once", tr.rec.broken)
	}
	rows, cerr := csv.NewReader(&buf).ReadAll()
	if cerr != nil {
		t.Fatalf("rejects: %v", cerr)
	}
	for i, r := range rows {
		if i > 0 {
			rejects = append(rejects, fmt.Sprintf("%s/%s %s: %s [%s]", r[1], r[2], r[3], r[4], r[5]))
		}
	}
	return tr.rec.said(t), rejects, sum, err
}

// oneInput is a map of one input "rows" over *.csv with these lines under it.
func oneInput(lines string) string {
	return "map: test\ninputs:\n  - name: rows\n    file: \"*.csv\"\n    " + strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n    ") + "\n"
}
