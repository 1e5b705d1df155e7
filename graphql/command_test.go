package graphql_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/graphqltest"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
)

// sets are the closed sets of the domain, by the type's name.
func sets(t testing.TB) map[string][]string {
	var words struct {
		Enums map[string]struct{ Values [][2]string }
	}
	if err := json.Unmarshal(ok(os.ReadFile("words/commands.json")), &words); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for name, set := range words.Enums {
		for _, v := range set.Values {
			out[name] = append(out[name], v[0])
		}
	}
	return out
}

// made fills a value with whatever its type may hold; now and then it is left
// empty where it may be.
func made(v reflect.Value, dice *rand.Rand, sets map[string][]string) {
	switch v.Type() {
	case reflect.TypeFor[domain.Sealed](), reflect.TypeFor[domain.SealedText](), reflect.TypeFor[complaint.Receipt]():
		return
	case reflect.TypeFor[domain.Date]():
		v.Set(reflect.ValueOf(domain.DateOf(time.Date(2020, 1, 1+dice.IntN(2000), 0, 0, 0, 0, time.UTC))))
		return
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.UnixMicro(dice.Int64N(2e15)).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		if set := sets[v.Type().String()]; set != nil {
			v.SetString(set[dice.IntN(len(set))])
		} else {
			v.SetString([]string{"x", "张 \"伟\"\n", "\\ud800", "0", strings.Repeat("y", 300)}[dice.IntN(5)])
		}
	case reflect.Bool:
		v.SetBool(dice.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(dice.Int64N(1 << 31))
	case reflect.Int64:
		v.SetInt(dice.Int64())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), dice.IntN(3), 3))
		for i := range v.Len() {
			made(v.Index(i), dice, sets)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if strings.Contains(v.Type().Field(i).Tag.Get("json"), ",omit") && dice.IntN(3) == 0 {
				continue
			}
			made(v.Field(i), dice, sets)
		}
	default:
		panic(v.Type())
	}
}

// besides is what is given in plain words to be sealed: not in the data.
var besides = regexp.MustCompile(`,"(reporter":\{"name":"x"\}|question":"x"|reply":"x")`)

// inPlainWords asks for what is sealed as the schema does.
func inPlainWords(c *domain.CommandType, variables map[string]any) {
	for name, plain := range map[domain.CommandName]struct {
		member string
		value  any
	}{
		"complaint.seal_reporter": {"reporter", map[string]any{"name": "x"}},
		"complaint.ask_reporter":  {"question", "x"},
		"complaint.reply":         {"reply", "x"},
	} {
		if c.Name == name {
			variables["input"].(map[string]any)[plain.member] = plain.value
		}
	}
}

// Every command of the catalog has a mutation, and what is said through it is
// the instruction that the same data are in JSON.
func TestEveryCommandIsSaidAsInJSON(t *testing.T) {
	a := newAgency(t)
	d := &desk{agency: a}
	service := ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Recorder: d}))
	forms := ok(graphqltest.NewForms(service.SDL()))
	sets, dice := sets(t), rand.New(rand.NewPCG(1, 2))
	n := 0
	for _, room := range a.codec.Catalog().Aggregates {
		for _, c := range room.Commands {
			n++
			for range 8 {
				ptr := c.New()
				made(reflect.ValueOf(ptr).Elem(), dice, sets)
				who := as(domain.RoleInspector, "I2", "A")
				in := domain.Instruction{ID: fmt.Sprint("i", dice.Uint32()), Command: c.Value(ptr), Act: domain.Act{Subject: "S1", Actor: "I2", Role: who.Role}}
				if dice.IntN(2) == 0 {
					in.Act.OccurredAt = time.UnixMicro(dice.Int64N(2e15)).UTC()
				}
				if c.By[0] == domain.RoleImporter {
					in.Act.Source = fmt.Sprintf("sha256:%064x", dice.Uint64())
				}
				query, variables, err := forms.Of(in)
				if err != nil {
					t.Fatal(err)
				}
				variables["dryRun"] = true
				inPlainWords(c, variables)
				d.lines = nil
				r := service.Do(t.Context(), who, overhttp.Request{Query: query, Variables: variables})
				if len(d.lines) != 1 {
					t.Fatalf("%s: %d lines were given, %v", c.Name, len(d.lines), r.Errors)
				}
				line := besides.ReplaceAllString(d.lines[0], "")
				want := ok(a.codec.ParseInstruction(ok(ledger.MarshalInstruction(in))))
				got, err := a.codec.ParseInstruction([]byte(line))
				if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" || err != nil {
					t.Fatalf("%s: %v\n%s\n(-JSON +mutation)\n%s", c.Name, err, line, diff)
				}
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d commands", n)
	}
}

func TestWithoutSigningInNothingIsCommanded(t *testing.T) {
	a := newAgency(t)
	d := &desk{agency: a}
	service := ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Recorder: d}))
	forms := ok(graphqltest.NewForms(service.SDL()))
	for _, room := range a.codec.Catalog().Aggregates {
		for _, c := range room.Commands {
			ptr := c.New()
			made(reflect.ValueOf(ptr).Elem(), rand.New(rand.NewPCG(1, 2)), sets(t))
			query, variables, err := forms.Of(domain.Instruction{ID: "i", Command: c.Value(ptr), Act: domain.Act{Subject: "S1", Actor: "X", Role: domain.RolePublic}})
			if err != nil {
				t.Fatal(err)
			}
			inPlainWords(c, variables)
			for _, flag := range []string{"none", "dryRun", "prepare"} {
				with := map[string]any{flag: true}
				for name, v := range variables {
					with[name] = v
				}
				delete(with, "none")
				r := service.Do(t.Context(), public, overhttp.Request{Query: query, Variables: with})
				if got := code(t, r); got != "FORBIDDEN" {
					t.Errorf("%s, %s: %s %v", c.Name, flag, got, r.Errors)
				}
			}
		}
	}
	if len(d.lines) > 0 {
		t.Errorf("%d instructions came through", len(d.lines))
	}
}

func TestWhatIsNoInputIsRefusedByName(t *testing.T) {
	a := newAgency(t)
	service := ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Recorder: &desk{agency: a}}))
	before := head(t, a)
	const receive = `mutation($in: ComplaintReceiveInput!) { complaintReceive(subject: "N1", input: $in) { stream } }`
	const vouch = `mutation($in: KeyVouchInput!) { keyVouch(subject: "N1", input: $in) { stream } }`
	const finding = `mutation($in: MisconductProposeFindingInput!) { misconductProposeFinding(subject: "N1", input: $in) { stream } }`
	input := func(change string, value any) map[string]any {
		in := map[string]any{"channel": "WEB", "category": "x", "summary": "y", "realName": false}
		if change != "" {
			in[change] = value
		}
		return map[string]any{"in": in}
	}
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		code, says  string
	}{
		{"a number for text", receive, input("category", json.Number("7")), "BAD_USER_INPUT", ".category"},
		{"text for a truth", receive, input("realName", "yes"), "BAD_USER_INPUT", ".realName"},
		{"a word of no set", receive, input("channel", "PIGEON"), "BAD_USER_INPUT", ".channel"},
		{"the domain's spelling", receive, input("channel", "web"), "BAD_USER_INPUT", ".channel"},
		{"null where something is needed", receive, input("summary", nil), "BAD_USER_INPUT", ".summary"},
		{"nothing where something is needed", receive, map[string]any{"in": map[string]any{"channel": "WEB"}}, "BAD_USER_INPUT", ".category"},
		{"null in a list", receive, input("officers", []any{"P1", nil}), "BAD_USER_INPUT", ".officers[1]"},
		{"an object for an id", receive, input("unit", map[string]any{}), "BAD_USER_INPUT", ".unit"},
		{"a member that there is not", receive, input("reporterName", "x"), "BAD_USER_INPUT", "reporterName"},
		{"a sealed text", receive, input("reporter", map[string]any{"key": "k", "ciphertext": "YQ=="}), "BAD_USER_INPUT", "ReporterInput"},
		{"a text that is too long", receive, input("summary", strings.Repeat("x", domain.MaxText+1)), "BAD_USER_INPUT", "input.summary"},
		{"an id that is none", receive, input("unit", "a b"), "BAD_USER_INPUT", "input.unit"},
		{"evidence that is none", receive, input("evidence", []any{map[string]any{"digest": "x", "mediaType": "a/b", "size": "1"}}), "BAD_USER_INPUT", "input.evidence"},
		{"a negative size", receive, input("evidence", []any{map[string]any{"digest": "x", "mediaType": "a/b", "size": json.Number("-1")}}), "BAD_USER_INPUT", ".evidence[0].size"},
		{"a number beyond 64 bits", vouch, map[string]any{"in": map[string]any{"through": "99999999999999999999", "digest": "x", "reason": "y"}}, "BAD_USER_INPUT", ".through"},
		{"a number beyond 63 bits", vouch, map[string]any{"in": map[string]any{"through": "18446744073709551615", "digest": "x", "reason": "y"}}, "BAD_USER_INPUT", "input.through"},
		{"a day that there is not", finding, map[string]any{"in": map[string]any{"findings": []any{map[string]any{"officer": "P1", "allegation": "x", "deedOn": "2023-02-30"}}}}, "BAD_USER_INPUT", ".deedOn"},
		{"a key twice", `mutation { complaintReceive(subject: "N1", input: {channel: WEB, channel: LETTER, category: "x", summary: "y", realName: false}) { stream } }`, nil, "GRAPHQL_VALIDATION_FAILED", "channel"},
		{"an argument twice", `mutation { complaintAccept(subject: "N1", subject: "N2") { stream } }`, nil, "GRAPHQL_VALIDATION_FAILED", "subject"},
		{"another's name", `mutation { complaintAccept(subject: "N1", actor: "x") { stream } }`, nil, "GRAPHQL_VALIDATION_FAILED", "actor"},
		{"no subject", `mutation { complaintAccept { stream } }`, nil, "GRAPHQL_VALIDATION_FAILED", "subject"},
		{"an empty subject", `mutation { complaintAccept(subject: "") { stream } }`, nil, "BAD_USER_INPUT", "subject"},
		{"an empty id", `mutation { complaintAccept(subject: "C1", id: "") { stream } }`, nil, "BAD_USER_INPUT", "id: is empty"},
		{"an id of a reaction", `mutation { complaintAccept(subject: "C1", id: "reaction:x") { stream } }`, nil, "BAD_USER_INPUT", "id"},
		{"an id that is too long", `mutation { complaintAccept(subject: "C1", id: "` + strings.Repeat("x", 129) + `") { stream } }`, nil, "BAD_USER_INPUT", "id"},
		{"the year 1", `mutation { complaintAccept(subject: "C1", occurredAt: "0001-01-01T00:00:00Z") { stream } }`, nil, "GRAPHQL_VALIDATION_FAILED", "occurredAt"},
		{"the future", `mutation { complaintAccept(subject: "C1", occurredAt: "2999-01-01T00:00:00Z") { stream } }`, nil, "BAD_USER_INPUT", "occurredAt"},
		{"both at once", `mutation { complaintAccept(subject: "C1", dryRun: true, prepare: true) { stream } }`, nil, "BAD_USER_INPUT", "prepare"},
		{"a rule of the room", `mutation { complaintAccept(subject: "C1") { stream } }`, nil, "STATE", ""},
		{"a role that may not", `mutation { planAdopt(subject: "N1") { stream } }`, nil, "FORBIDDEN", "role"},
	} {
		r := service.Do(t.Context(), as(domain.RoleIntake, "T1", "A"), overhttp.Request{Query: c.query, Variables: c.variables})
		if len(r.Errors) == 0 {
			t.Errorf("%s: no error, %s", c.name, r.Data)
			continue
		}
		if got := r.Errors[0]; got.Extensions["code"] != c.code || !strings.Contains(got.Message, c.says) {
			t.Errorf("%s: %v %s, want %s and %q", c.name, got.Extensions["code"], got.Message, c.code, c.says)
		}
	}
	if now := head(t, a); now != before {
		t.Errorf("%d events were recorded", now-before)
	}
}

func head(t testing.TB, a *agency) int {
	t.Helper()
	return ok(ledger.Verify(t.Context(), a.store, ledger.VerifyConfig{Codec: a.codec, Keys: a.keys})).Events
}

func TestADryRunTellsAndRecordsNothing(t *testing.T) {
	a := newAgency(t)
	service := ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Recorder: &desk{agency: a}}))
	a.now = a.now.Add(time.Hour)
	before := head(t, a)
	ask := func(arguments string) string {
		r := service.Do(t.Context(), as(domain.RoleHR, "R1", "A"), overhttp.Request{Query: `mutation { unitRename(subject: "D2", id: "r1", input: {name: "新"}` + arguments + `) {
			id stream recorded repeated needsSignature events { kind event { kind } } position prepared { payloads } } }`})
		if len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
		return string(r.Data.(json.RawMessage))
	}
	want := `{"unitRename":{"id":"r1","stream":"unit-D2","recorded":false,"repeated":false,"needsSignature":false,"events":[{"kind":"unit.renamed.v1","event":null}],"position":null,"prepared":null}}`
	if got := ask(", dryRun: true"); got != want {
		t.Errorf("got %s", got)
	}
	if now := head(t, a); now != before {
		t.Errorf("%d events were recorded", now-before)
	}
	want = fmt.Sprintf(`{"unitRename":{"id":"r1","stream":"unit-D2","recorded":true,"repeated":false,"needsSignature":false,"events":[{"kind":"unit.renamed.v1","event":{"kind":"unit.renamed.v1"}}],"position":"%d","prepared":null}}`, before+1)
	if got := ask(""); got != want {
		t.Errorf("got %s", got)
	}
	want = strings.Replace(want, `"repeated":false`, `"repeated":true`, 1)
	for _, arguments := range []string{"", ", dryRun: true"} {
		if got := ask(arguments); got != want {
			t.Errorf("once it is on file%s: %s", arguments, got)
		}
	}
}
