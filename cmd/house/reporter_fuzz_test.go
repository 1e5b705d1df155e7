package house

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Whatever arrives: where something in plain words was taken out, none of it is
// left in the rest, and the rest holds every other member as it was.
func FuzzSplitPlain(f *testing.F) {
	f.Add([]byte(`{"id":"1","reporter":{"name":"林静雯"},"data":{"a":1}}`))
	f.Add([]byte(`{"reporter":{"name":"x"}}`))
	f.Add([]byte(`{"reporter":{"name":"x"},"reporter":{"name":"y"}}`))
	f.Add([]byte(`{"\u0072eporter":{"name":"x"},"Reporter":{"name":"y"}}`))
	f.Add([]byte(`{"id":"1"} {"reporter":{}}`))
	f.Add([]byte(`{"question":"when?","subject":"C1"}`))
	f.Add([]byte(`{"reply":"in May","question":"when?"}`))
	f.Add([]byte(`{"receipt":"1234567890123456","reporter":{"name":"x"},"data":{}}`))
	f.Add([]byte(`[1]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		rest, r, err := splitPlain(line)
		if err != nil || r == nil {
			return
		}
		var was, is map[string]jsontext.Value
		if err := json.Unmarshal(line, &was); err != nil {
			t.Fatalf("something was found in what is no JSON: %v", err)
		}
		if err := json.Unmarshal(rest, &is); err != nil {
			t.Fatalf("the rest is no JSON: %v: %s", err, rest)
		}
		for _, member := range []string{"reporter", "question", "reply", "receipt"} {
			delete(was, member)
			if _, left := is[member]; left {
				t.Errorf("%s became %s", line, rest)
			}
		}
		if len(is) != len(was) {
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
