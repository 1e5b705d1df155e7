// Package domaintest is the bench on which every room is tested: scenarios
// as given/when/then literals, the soundness of a room's lists, golden bytes
// of its kinds, and folds that must survive any order of events.
package domaintest

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
)

// Now is when scenarios take place unless they say otherwise: a Monday.
var Now = time.Date(2024, time.March, 4, 9, 30, 0, 0, time.UTC)

// On returns nine in the morning (UTC) of the day, "2024-03-04".
func On(day string) time.Time {
	return domain.MustDate(day).In(time.UTC).Add(9 * time.Hour)
}

// By returns an act of the person in the role, at Now, on the aggregate "X1".
func By(actor domain.ActorID, role domain.Role) domain.Act {
	act := domain.Act{Subject: "X1", Actor: actor, Role: role, OccurredAt: Now, RecordedAt: Now, Rulebook: "cn-2024"}
	if role == domain.RoleImporter {
		act.Source = "sha256:" + strings.Repeat("0", 64)
	}
	return act
}

// At returns the act moved to another time.
func At(act domain.Act, t time.Time) domain.Act {
	act.OccurredAt, act.RecordedAt = t, t
	return act
}

// Past is one event that happened before the scenario begins.
type Past struct {
	Act   domain.Act
	Event domain.Event
}

// Scenario is one given/when/then. Exactly one of Then and Refused is set.
type Scenario struct {
	Name string
	// Given is what happened before, in order. A Past without a time
	// happens at Now.
	Given []Past
	// When is the command and As who gives it.
	When domain.Command
	As   domain.Act
	// Sees are the states of other aggregates the command asks for: values
	// of their rooms' state types. One that is asked for and not given has no
	// history.
	Sees map[domain.Reference]any
	// Then are the events that must follow.
	Then []domain.Event
	// Refused is the code of the refusal that must follow, Field the field
	// it must name and Rule a part of the source it must cite (both only
	// compared when set).
	Refused domain.Code
	Field   string
	Rule    string
	// Book is the rulebook; cn-2024 when nil.
	Book *domain.Rulebook
}

// Run runs the scenarios against the room.
func Run(t *testing.T, room *domain.Aggregate, scenarios []Scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.Name, func(t *testing.T) {
			t.Helper()
			book := s.Book
			if book == nil {
				book = domain.CN2024()
			}
			state := room.NewState()
			for _, p := range s.Given {
				if p.Act.OccurredAt.IsZero() {
					p.Act = At(p.Act, Now)
				}
				room.Apply(state, p.Event, p.Act)
			}
			s.As.Sees = s.sees(t, room, state)
			got, err := room.Decide(state, s.When, s.As, book)
			if s.Refused == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				if diff := cmp.Diff(s.Then, got); diff != "" {
					t.Fatalf("events (-want +got):\n%s", diff)
				}
				malformed(t, room, state, s, book)
				for _, e := range got {
					room.Apply(state, e, s.As)
				}
				return
			}
			r, ok := errors.AsType[*domain.Refusal](err)
			if !ok {
				t.Fatalf("got events %v, error %v; want a refusal %s", got, err, s.Refused)
			}
			if r.Code != s.Refused || (s.Field != "" && r.Field != s.Field) || !strings.Contains(r.Rule, s.Rule) {
				t.Fatalf("refused with code %s, field %q, rule %q (%v); want %s, %q, %q", r.Code, r.Field, r.Rule, r, s.Refused, s.Field, s.Rule)
			}
			Met(s.When.Name(), r)
		})
	}
}

// Seeing returns the act as the ledger hands it to Decide when nothing that
// the command asks for has a history.
func Seeing(room *domain.Aggregate, state any, c domain.Command, act domain.Act) domain.Act {
	act.Sees = &domain.Sight{}
	for _, ref := range room.Reads(state, c, act) {
		(*act.Sees)[ref] = nil
	}
	return act
}

// sees puts what was given into the form the ledger hands to Decide. What is
// given and not asked for fails the test: Reads would not have loaded it.
func (s Scenario) sees(t *testing.T, room *domain.Aggregate, state any) *domain.Sight {
	t.Helper()
	sight := *Seeing(room, state, s.When, s.As).Sees
	for ref, other := range s.Sees {
		if _, asked := sight[ref.Ref()]; !asked {
			t.Fatalf("%s is given but the command does not ask for it", ref.Ref())
		}
		ptr := reflect.New(reflect.TypeOf(other))
		ptr.Elem().Set(reflect.ValueOf(other))
		sight[ref.Ref()] = ptr.Interface()
	}
	return &sight
}

// Listed checks that every struct of the package in dir that has a Kind or a
// Name method stands on the room's lists, so that no event or command can be
// declared and forgotten.
func Listed(t *testing.T, room *domain.Aggregate, dir string) {
	t.Helper()
	listed := map[string]bool{}
	for _, e := range room.Events {
		listed["Kind "+e.Type.Name()] = true
	}
	for _, c := range room.Commands {
		listed["Name "+c.Type.Name()] = true
	}
	declared := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Go files in %s: %v", dir, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || (fn.Name.Name != "Kind" && fn.Name.Name != "Name") {
				continue
			}
			if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				declared[fn.Name.Name+" "+id.Name] = true
			}
		}
	}
	if diff := cmp.Diff(declared, listed); diff != "" {
		t.Errorf("declared in %s against listed in the room (-declared +listed):\n%s", dir, diff)
	}
}

// Total folds every listed event, zero and filled, into every state that
// other events lead to, in pairs and in any order; a fold must never panic.
func Total(t *testing.T, room *domain.Aggregate) {
	t.Helper()
	var events []domain.Event
	for _, e := range room.Events {
		events = append(events, e.Value(e.New()), Filled(e))
	}
	act := By("someone", domain.RoleLeader)
	for _, first := range events {
		for _, second := range events {
			for _, third := range events {
				state := room.NewState()
				for _, e := range []domain.Event{first, second, third} {
					room.Apply(state, e, act)
				}
			}
		}
	}
}

// Filled returns an event of the type with every field set to a value that
// depends on the field alone, for golden bytes and fold tests.
func Filled(e *domain.EventType) domain.Event {
	ptr := e.New()
	fill(reflect.ValueOf(ptr).Elem(), "v")
	return e.Value(ptr)
}

func fill(v reflect.Value, name string) {
	switch {
	case v.Type() == reflect.TypeFor[domain.Date]():
		v.Set(reflect.ValueOf(domain.Date{Year: 2024, Month: time.February, Day: 29}))
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(Now))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), strings.ToLower(v.Type().Field(i).Name))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), name+"1")
		fill(v.Index(1), name+"2")
	case v.Kind() == reflect.String:
		v.SetString(name)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.CanUint():
		v.SetUint(7)
	}
}
