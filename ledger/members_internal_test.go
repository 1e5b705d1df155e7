package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func goldenPayloads(t testing.TB) []string {
	paths, err := filepath.Glob(filepath.Join("testdata", "golden", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden bytes: %v", err)
	}
	var out []string
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.TrimSuffix(string(raw), "\n"))
	}
	return out
}

func TestWhatEncodeWritesIsReadWithoutADetour(t *testing.T) {
	for _, payload := range goldenPayloads(t) {
		if _, ok := readMembers([]byte(payload)); !ok {
			t.Errorf("not read at once: %s", payload)
		}
	}
}

// Whatever is read by cutting must be what the JSON decoder reads.
func FuzzReadMembersAgreesWithTheDecoder(f *testing.F) {
	for i, payload := range goldenPayloads(f) {
		if i%8 == 0 {
			f.Add(payload)
		}
	}
	one := goldenPayloads(f)[0]
	for _, c := range [][2]string{
		{`"revision":1`, `"revision":01`}, {`"revision":1`, `"revision":-1`}, {`"revision":1`, `"revision":+1`}, {`"revision":1`, `"revision":2147483648`},
		{`"role":"`, `"role":"\u0041`}, {`"role":"`, "\"role\":\"\xff"}, {`"role":"`, "\"role\":\"\n"}, {`"role":"`, `"role":"勤`},
		{`}}`, `},"x":{}}`}, {`}}`, `}} `}, {`,"actor"`, `,"prevhash":"","actor"`}, {`"data":`, `"sourcedigest":"","data":`},
	} {
		f.Add(strings.Replace(one, c[0], c[1], 1))
	}
	f.Fuzz(func(t *testing.T, payload string) {
		fast, ok := readMembers([]byte(payload))
		if !ok {
			return
		}
		if !fast.Data.IsValid() {
			return // left to the decoder of the data, which refuses it
		}
		var slow cloudEvent
		if err := json.Unmarshal([]byte(payload), &slow, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("read what the decoder refuses: %v", err)
		}
		if diff := cmp.Diff(slow, fast); diff != "" {
			t.Errorf("(-decoder +cut):\n%s", diff)
		}
	})
}
