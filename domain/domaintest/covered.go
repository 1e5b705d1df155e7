package domaintest

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// Refusal is one no of a command, told from others by its code and the field
// that it names.
type Refusal struct {
	Command domain.CommandName
	Code    domain.Code
	Field   string
}

func (r Refusal) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Command, r.Code, r.Field))
}

// met holds the refusals that the tests of this process asked for and got.
var met = struct {
	sync.Mutex
	refusals map[Refusal]bool
}{refusals: map[Refusal]bool{}}

// Met returns the code of the refusal, "" when it is none, and notes that a
// test asked for it: one that calls Decide on its own compares what Met
// returns. Run does so by itself.
func Met(c domain.CommandName, err error) domain.Code {
	r, ok := errors.AsType[*domain.Refusal](err)
	if !ok {
		return ""
	}
	met.Lock()
	defer met.Unlock()
	met.refusals[Refusal{c, r.Code, r.Field}] = true
	return r.Code
}

// Main runs the tests of a room and then fails if one of its refusals, as
// they stand in docs/catalogue/refusals.csv, was met by none of them. The
// table is read from the source and held against it by the test of
// cmd/catalogue, so that a refusal added without a case is found.
//
// The source cannot tell which lines no history leads to: those the room
// lists as unreachable, and it fails when a test meets one after all, or when
// the table does not have it. A run of some tests only judges nothing.
func Main(m *testing.M, room *domain.Aggregate, unreachable ...Refusal) {
	code := m.Run()
	if code == 0 && whole() {
		listed, err := listedRefusals(room)
		if err != nil {
			fmt.Fprintln(os.Stderr, "the table of refusals:", err)
			os.Exit(1)
		}
		for _, what := range uncovered(listed, met.refusals, unreachable) {
			fmt.Fprintln(os.Stderr, what)
			code = 1
		}
	}
	os.Exit(code)
}

// whole tells whether every test of the package was asked for.
func whole() bool {
	for name, all := range map[string]string{"test.run": "", "test.skip": "", "test.list": "", "test.fuzz": "", "test.fuzzworker": "false"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != all {
			return false
		}
	}
	return true
}

// listedRefusals reads the room's part of the table.
func listedRefusals(room *domain.Aggregate) ([]Refusal, error) {
	f, err := os.Open(filepath.Join("..", "..", "docs", "catalogue", "refusals.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []Refusal
	for _, row := range rows[1:] {
		r := Refusal{domain.CommandName(row[0]), domain.Code(row[1]), row[2]}
		if r.Command.Room() == room.Name && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("nothing of the room %s; run go run ./cmd/catalogue", room.Name)
	}
	return out, nil
}

// uncovered says what is wrong between the refusals listed, those met and
// those that no history is said to lead to.
func uncovered(listed []Refusal, met map[Refusal]bool, unreachable []Refusal) []string {
	var out []string
	for _, r := range listed {
		switch spared := slices.Contains(unreachable, r); {
		case spared && isMet(r, met):
			out = append(out, fmt.Sprintf("%s is listed as unreachable, but a test meets it", r))
		case !spared && !isMet(r, met):
			out = append(out, fmt.Sprintf("no test of the room meets the refusal %s; add a case to it", r))
		}
	}
	for _, r := range unreachable {
		if !slices.Contains(listed, r) {
			out = append(out, fmt.Sprintf("%s is listed as unreachable, but the room has no such refusal", r))
		}
	}
	return out
}

// isMet tells whether the refusal was met. A field in ‹ › shows at run time
// alone: any will do.
func isMet(r Refusal, met map[Refusal]bool) bool {
	if !strings.HasPrefix(r.Field, "‹") {
		return met[r]
	}
	for m := range met {
		if m.Command == r.Command && m.Code == r.Code {
			return true
		}
	}
	return false
}
