package house

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Whatever arrives: where a reporter was taken out, none is left in the rest,
// and the rest holds every other member as it was.
func FuzzSplitReporter(f *testing.F) {
	f.Add([]byte(`{"id":"1","reporter":{"name":"林静雯"},"data":{"a":1}}`))
	f.Add([]byte(`{"reporter":{"name":"x"}}`))
	f.Add([]byte(`{"reporter":{"name":"x"},"reporter":{"name":"y"}}`))
	f.Add([]byte(`{"\u0072eporter":{"name":"x"},"Reporter":{"name":"y"}}`))
	f.Add([]byte(`{"id":"1"} {"reporter":{}}`))
	f.Add([]byte(`[1]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		rest, r, err := splitReporter(line)
		if err != nil || r == nil {
			return
		}
		var was, is map[string]jsontext.Value
		if err := json.Unmarshal(line, &was); err != nil {
			t.Fatalf("a reporter was found in what is no JSON: %v", err)
		}
		if err := json.Unmarshal(rest, &is); err != nil {
			t.Fatalf("the rest is no JSON: %v: %s", err, rest)
		}
		if _, left := is["reporter"]; left || len(is) != len(was)-1 {
			t.Errorf("%s became %s", line, rest)
		}
		for name, v := range is {
			if !jsonEqual(v, was[name]) {
				t.Errorf("%s: %s became %s", name, was[name], v)
			}
		}
	})
}

func jsonEqual(a, b jsontext.Value) bool {
	return a.Canonicalize() == nil && b.Canonicalize() == nil && string(a) == string(b)
}
