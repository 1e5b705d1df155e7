package domain_test

import (
	"encoding/json"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// The change law of Event, held against every event and command of the
// catalog.

func TestEveryKindIsSpelledAsTheLawSays(t *testing.T) {
	kind := regexp.MustCompile(`^[a-z]+\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*$`)
	name := regexp.MustCompile(`^[a-z]+\.[a-z]+(_[a-z]+)*$`)
	for _, room := range catalog.New().Aggregates {
		if room.Chinese == "" {
			t.Errorf("room %s has no Chinese term", room.Name)
		}
		for _, e := range room.Events {
			if !kind.MatchString(string(e.Kind)) {
				t.Errorf("kind %q is not of the form room.event.v1", e.Kind)
			}
		}
		for _, c := range room.Commands {
			if !name.MatchString(string(c.Name)) {
				t.Errorf("command %q is not of the form room.verb", c.Name)
			}
		}
	}
}

func TestWhatCommandsNameOutwardIsAReference(t *testing.T) {
	for _, room := range catalog.New().Aggregates {
		for _, c := range room.Commands {
			command := c.Value(c.New())
			outward, ok := command.(domain.Outward)
			if !ok {
				continue
			}
			filled := reflect.New(c.Type).Elem()
			fill(filled)
			named := []string{"subject"}
			for _, touch := range c.Names(filled.Interface().(domain.Command)) {
				named = append(named, touch.As)
			}
			for _, member := range outward.Outward() {
				if !slices.Contains(named, member) || !c.Outward(member) {
					t.Errorf("%s names %q outward, which is none of %q", c.Name, member, named)
				}
			}
		}
	}
}

// fill puts something into every text of a value.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

func TestEveryCommandIsForRolesThatExist(t *testing.T) {
	for _, room := range catalog.New().Aggregates {
		for _, c := range room.Commands {
			t.Run(string(c.Name), func(t *testing.T) {
				if len(c.By) == 0 {
					t.Error("is for nobody")
				}
				for i, r := range c.By {
					if _, ok := domain.ParseRole(string(r)); !ok {
						t.Errorf("is for %q, which is no role", r)
					}
					if slices.Contains(c.By[:i], r) {
						t.Errorf("names %s twice", r)
					}
					if r == domain.RoleAuditor {
						t.Error("is for the auditor, who writes nothing")
					}
				}
				if slices.Contains(c.By, domain.RoleImporter) && (len(c.By) > 1 || !strings.Contains(string(c.Name), "import")) {
					t.Errorf("is for %v; the importer has commands of its own and decides nothing else", c.By)
				}
			})
		}
	}
}

func TestEveryRoomImportsHistoryOfOld(t *testing.T) {
	c := catalog.New()
	for _, room := range c.Aggregates {
		if c.Command(domain.CommandName(room.Name+".import")) == nil || c.Event(domain.Kind(room.Name+".imported.v1")) == nil {
			t.Errorf("room %s has no import command or no imported event", room.Name)
		}
	}
}

func TestEveryFieldHoldsTheLaw(t *testing.T) {
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			t.Run(string(e.Kind), func(t *testing.T) { checkStruct(t, e.Type) })
		}
		for _, c := range room.Commands {
			t.Run(string(c.Name), func(t *testing.T) { checkStruct(t, c.Type) })
		}
	}
}

var jsonName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)

func checkStruct(t *testing.T, typ reflect.Type) {
	t.Helper()
	names := map[string]bool{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !token.IsExported(f.Name) || f.Anonymous {
			t.Errorf("%s.%s: is not exported, or embedded; events and commands are flat and open", typ, f.Name)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !jsonName.MatchString(name) || names[name] {
			t.Errorf("%s.%s: %q is no explicit JSON name in camel case, or stands twice", typ, f.Name, name)
		}
		names[name] = true
		if want := optionFor(f.Type); options != "" && options != want {
			t.Errorf("%s.%s: the option is %q; an optional field of this type carries %q", typ, f.Name, options, want)
		}
		checkType(t, typ.String()+"."+f.Name, f.Type)
	}
}

// optionFor returns the option that gives an absent value one spelling: for
// a list omitempty, since nil and empty are the same list.
func optionFor(t reflect.Type) string {
	if t.Kind() == reflect.Slice {
		return "omitempty"
	}
	return "omitzero"
}

func checkType(t *testing.T, where string, typ reflect.Type) {
	t.Helper()
	switch typ.Kind() {
	case reflect.Map:
		t.Errorf("%s: a map has more than one spelling", where)
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		t.Errorf("%s: a floating-point number has more than one spelling", where)
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		t.Errorf("%s: a %s is not plain data", where, typ.Kind())
	case reflect.Array:
		t.Errorf("%s: a fixed array cannot grow", where)
	case reflect.Slice:
		if typ.Elem().Kind() == reflect.Slice {
			t.Errorf("%s: references in lists of lists are not indexed", where)
		}
		checkType(t, where+"[]", typ.Elem())
	case reflect.Struct:
		switch typ {
		case reflect.TypeFor[domain.Date](), reflect.TypeFor[time.Time]():
		default:
			checkStruct(t, typ)
		}
	}
}

func TestReferencesUseTheTypedIDs(t *testing.T) {
	// A field of these names that is plain text would be missing from every
	// timeline.
	refs := regexp.MustCompile(`(?i)^(officers?|units?|posts?|complaints?|cases?|sanctions?|rewards?|handler|investigators?|parent|members?)$`)
	reference := reflect.TypeFor[domain.Reference]()
	var check func(t *testing.T, typ reflect.Type)
	check = func(t *testing.T, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			elem := f.Type
			if elem.Kind() == reflect.Slice {
				elem = elem.Elem()
			}
			if elem.Kind() == reflect.Struct && elem != reflect.TypeFor[time.Time]() {
				check(t, elem)
				continue
			}
			if refs.MatchString(f.Name) && elem.Kind() == reflect.String && !elem.Implements(reference) {
				t.Errorf("%s.%s is a %s, which no timeline will find", typ, f.Name, f.Type)
			}
		}
	}
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			t.Run(string(e.Kind), func(t *testing.T) { check(t, e.Type) })
		}
	}
}

func TestEveryEventReadsBackAsItWasWritten(t *testing.T) {
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			t.Run(string(e.Kind), func(t *testing.T) {
				for _, want := range []domain.Event{domaintest.Filled(e), e.Value(e.New())} {
					b, err := json.Marshal(want)
					if err != nil {
						t.Fatal(err)
					}
					ptr := e.New()
					if err := json.Unmarshal(b, ptr); err != nil {
						t.Fatalf("read %s: %v", b, err)
					}
					if diff := cmp.Diff(want, e.Value(ptr)); diff != "" {
						t.Errorf("%s (-written +read):\n%s", b, diff)
					}
				}
			})
		}
	}
}

func TestEveryFilledEventTouchesItsSubjectFirst(t *testing.T) {
	act := domaintest.By("chen", domain.RoleLeader)
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			got := e.Touches(act, domaintest.Filled(e))
			want := []domain.Touch{{Ref: domain.Ref{Type: room.Name, ID: act.Subject}, As: "subject"}, {Ref: act.Actor.Ref(), As: "actor"}}
			if diff := cmp.Diff(want, got[:2]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", e.Kind, diff)
			}
			for i, touch := range got {
				if touch.As == "" || touch.Ref.ID == "" || slices.Contains(got[:i], touch) {
					t.Errorf("%s: touch %v is nameless, empty or double", e.Kind, touch)
				}
			}
		}
	}
}
