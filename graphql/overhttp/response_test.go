package overhttp_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// raw encodes as itself, by way of encoding/json.
type raw string

func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }

func TestDataThatIsJSONIsWrittenLikeAnyOther(t *testing.T) {
	failed := []overhttp.Error{{Message: "a < b & c\n", Path: []any{"officer", 1}}}
	for _, data := range []string{`null`, `{}`, `{"name":"廉 <&> \u2028","n":9007199254740993}`, `{"a":1,"a":2}`, `[1,"x",true]`,
		"", "{", `{"a":1}{}`, `{"a":1},"errors":[]`, "{\"a\":\"\x01\"}", "nul"} {
		for _, r := range []overhttp.Response{{}, {Errors: failed}, {Extensions: map[string]any{"position": "7"}}, {Errors: failed, Extensions: map[string]any{"x": "<"}}} {
			body := func(data any) (int, string) {
				r := r
				r.HasData, r.Data = true, data
				h, err := overhttp.New(overhttp.Config{Execute: func(context.Context, overhttp.Request) *overhttp.Response { return &r }})
				if err != nil {
					t.Fatal(err)
				}
				a := send(t, h, post(`{"query":"{a}"}`, "", asJSON))
				return a.status, a.body
			}
			wantStatus, want := body(raw(data))
			status, got := body(json.RawMessage(data))
			if status != wantStatus || status == 200 && got != want {
				t.Errorf("data %q: %d %s, want %d %s", data, status, got, wantStatus, want)
			}
		}
	}
}
