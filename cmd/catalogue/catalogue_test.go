package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// generated makes the catalogue once for all tests.
var generated = sync.OnceValues(func() (map[string]outputs, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	return generate(root)
})

func catalogue(t *testing.T) outputs {
	t.Helper()
	files, err := generated()
	if err != nil {
		t.Fatal(err)
	}
	return files[folder]
}

func TestTheCommittedCatalogueIsUpToDate(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	catalogue(t)
	files, _ := generated()
	for name, want := range files {
		stale, err := staleFiles(filepath.Join(root, filepath.FromSlash(name)), want)
		if err != nil {
			t.Fatal(err)
		}
		if len(stale) > 0 {
			t.Errorf("the committed catalogue is stale; run 'go run ./cmd/catalogue' and commit %s:\n%s", name, strings.Join(stale, "\n"))
		}
	}
}

func TestWhatIsStaleIsNamedAndMended(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"same.md": "a", "changed.md": "a", "gone.md": "a"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := outputs{"same.md": []byte("a"), "changed.md": []byte("b"), "schema/new.json": []byte("{}")}
	stale, err := staleFiles(dir, want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"changed.md", "gone.md", "schema/new.json"}, stale); diff != "" {
		t.Errorf("stale files (-want +got):\n%s", diff)
	}
	if err := write(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after writing (-want +got):\n%s", diff)
	}
}

// The page of a room is read from three places in the source: what a refusal
// says, to which field, and under which rule.
func TestRefusalsAreReadFromTheSource(t *testing.T) {
	files := catalogue(t)
	for name, want := range map[string][]string{
		"a constant message":                {"unit", "unit.establish", "| `INVALID` | `parent` | an agency is the root of its tree and has no parent | |"},
		"the verb that a caller hands down": {"unit", "unit.rename", "a unit that is closed cannot be renamed"},
		"the field that a caller names":     {"unit", "unit.establish", "| `INVALID` | `name` | *an empty or overlong text* | |"},
		"the values that are allowed":       {"unit", "unit.establish", "| `INVALID` | `kind` | *a value that is not one of agency, department, section, window* | |"},
		"the rule of the rulebook":          {"misconduct", "misconduct.propose_finding", "公职人员政务处分法 art. 42 (`Inquiry.InvestigatorsSource`)"},
		"a number of the rulebook's name":   {"misconduct", "misconduct.propose_finding", "‹measure› is no measure of cn-2024"},
		"a room whose state is read":        {"traceback", "traceback.hand_on", "- Reads [misconduct](misconduct.md): "},
	} {
		t.Run(name, func(t *testing.T) {
			page := string(files[want[0]+".md"])
			_, part, ok := strings.Cut(page, "\n### `"+want[1]+"`\n")
			part, _, _ = strings.Cut(part, "\n### ")
			if !ok || !strings.Contains(part, want[2]) {
				t.Errorf("the page of %s does not say at %s:\n%s\nbut:\n%s", want[0], want[1], want[2], part)
			}
		})
	}
}

func TestEveryReactionShowsWhatItGives(t *testing.T) {
	index := string(catalogue(t)["README.md"])
	for _, re := range reactions.All() {
		_, row, ok := strings.Cut(index, "\n| `"+re.Name+"` |")
		row, _, _ = strings.Cut(row, "\n")
		cells := strings.Split(row, "|")
		if !ok || len(cells) < 4 || strings.TrimSpace(cells[2]) == "" {
			t.Errorf("the index has no row of %s, or not the command that it gives: %s", re.Name, row)
		}
	}
}

// schemas compiles the schema of the payload, which refers to those of all
// kinds, and those of the commands. Compiling holds each against the draft.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	var names []string
	for name, b := range catalogue(t) {
		if !strings.HasSuffix(name, ".json") {
			continue
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.AddResource("mem:///"+name, doc); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	out := map[string]*jsonschema.Schema{}
	for _, name := range names {
		s, err := c.Compile("mem:///" + name)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(strings.TrimPrefix(name, "schema/"), ".json")] = s
	}
	return out
}

// complaints returns the leaves of a validation error, but those that are to
// be passed over.
func complaints(err error, pass func(jsonschema.ErrorKind) bool) []string {
	v, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		if err != nil {
			return []string{err.Error()}
		}
		return nil
	}
	var out []string
	var leaves func(v *jsonschema.ValidationError)
	leaves = func(v *jsonschema.ValidationError) {
		if len(v.Causes) == 0 && !pass(v.ErrorKind) {
			out = append(out, v.Error())
		}
		for _, c := range v.Causes {
			leaves(c)
		}
	}
	leaves(v)
	return out
}

func never(jsonschema.ErrorKind) bool { return false }

// Golden payloads are filled with the names of their fields, which are no
// enumerated values, digests or ids of events; all else about them is real.
func filler(k jsonschema.ErrorKind) bool {
	switch k.(type) {
	case *kind.Enum, *kind.Pattern, *kind.Format:
		return true
	}
	return false
}

func TestGoldenPayloadsHaveTheMembersOfTheirSchema(t *testing.T) {
	all, golden := schemas(t), filepath.Join("..", "..", "ledger", "testdata", "golden")
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			b, err := os.ReadFile(filepath.Join(golden, string(e.Kind)+".json"))
			if err != nil {
				t.Errorf("no golden payload: %v", err)
				continue
			}
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range complaints(all["envelope"].Validate(doc), filler) {
				t.Errorf("%s: %s", e.Kind, c)
			}
			data, schema := doc.(map[string]any)["data"].(map[string]any), all[string(e.Kind)]
			have, want := slices.Sorted(maps.Keys(data)), slices.Sorted(maps.Keys(schema.Properties))
			if diff := cmp.Diff(want, have, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: members (-schema +golden):\n%s", e.Kind, diff)
			}
		}
	}
}

// Whatever the district of the demo did is what the catalogue says may be done.
func TestWhatTheDemoRecordsSatisfiesTheSchemas(t *testing.T) {
	all := schemas(t)
	store, codec := ledgertest.NewMemory(), ledger.NewCodec(catalog.New(), "agency.test")
	defer store.Close()
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	plan := agency.Plan{Officers: agency.MinOfficers, Years: 2, Clock: agency.NewClock(), End: time.Date(2025, time.March, 31, 12, 0, 0, 0, time.UTC)}
	recorder := ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: plan.Clock.Now,
	})
	check := func(name string, b []byte, member string) {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if member != "" {
			doc, _ = doc.(map[string]any)[member]
			if doc == nil {
				doc = map[string]any{}
			}
		}
		for _, c := range complaints(all[name].Validate(doc), never) {
			t.Errorf("%s: %s\n%s", name, c, b)
		}
	}
	_, err = agency.Build(t.Context(), plan, func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		receipt, err := recorder.Record(ctx, in)
		if err == nil && !t.Failed() {
			line, err := ledger.MarshalInstruction(in)
			if err != nil {
				return receipt, err
			}
			check("command/"+string(in.Command.Name()), line, "data")
		}
		return receipt, err
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for s, err := range store.ReadAll(t.Context(), ledger.Start) {
		if err != nil || t.Failed() {
			t.Fatalf("reading stopped: %v", err)
		}
		d, err := codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		check("envelope", d.Payload, "")
		n++
	}
	if n == 0 {
		t.Error("the agency recorded nothing")
	}
}
