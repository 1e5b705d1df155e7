package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
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

// Of what is read by cutting, Encode writes every member but data in the same
// bytes, unless a digit of the hash or of a time gives it away.
func FuzzPlainMembersAreWrittenAlike(f *testing.F) {
	codec := NewCodec(catalog.New(), "")
	for i, payload := range goldenPayloads(f) {
		if i%8 == 0 {
			f.Add(payload)
		}
	}
	one := goldenPayloads(f)[0]
	for _, c := range [][2]string{
		{`,"data":`, `,"causationid":"","data":`}, {`,"data":`, `,"sourcedigest":"` + "\x7f\u2028" + `","data":`},
		{`.000000Z`, `,000000Z`}, {`.000000Z`, `.00000Z`}, {`"time":"2`, `"time":"+`}, {`-01T`, `-32T`}, {`-01T`, `-00T`}, {`T0`, `T3`}, {`"role":"`, `"role":"é`},
	} {
		f.Add(strings.Replace(one, c[0], c[1], 1))
	}
	f.Fuzz(func(t *testing.T, payload string) {
		ce, ok := readMembers([]byte(payload))
		kind := codec.catalog.Event(domain.Kind(ce.Type))
		if !ok || kind == nil || !strings.HasPrefix(payload, `{"specversion":"`+specVersion+`"`) {
			return
		}
		codec := NewCodec(codec.catalog, ce.Source)
		prev, err := parsePrevHash(ce)
		if err != nil || hasUpper(ce.PrevHash) || !isTimeForm(ce.Time) || !isTimeForm(ce.OccurredAt) {
			return
		}
		r, err := codec.recorded(ce, kind)
		if err != nil {
			return
		}
		again, err := codec.Encode(r, prev)
		if err != nil {
			t.Fatalf("read what cannot be written: %v", err)
		}
		head := len(payload) - len(ce.Data) - 1
		if len(again) < head || string(again[:head]) != payload[:head] {
			t.Errorf("written as\n%s\nread from\n%s", again, payload)
		}
	})
}

func FuzzTimesAreReadAsByTheStandardLibrary(f *testing.F) {
	for _, s := range []string{
		"2024-02-29T23:59:59.999999Z", "2023-02-29T00:00:00.000000Z", "0000-01-01T00:00:00.000000Z", "2024-00-10T00:00:00.000000Z", "2024-13-10T00:00:00.000000Z",
		"2024-01-10T24:00:00.000000Z", "2024-01-10T23:60:00.000000Z", "2024-01-10T23:59:60.000000Z", "2024-01-10T23:59:59,000000Z", "2024-01-10T23:59:59.00000Z", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, wrong := time.Parse(timeForm, s)
		got, err := parseTime(s)
		if (err == nil) != (wrong == nil) || err == nil && got != want {
			t.Errorf("%q: %v (%v), want %v (%v)", s, got, err, want, wrong)
		}
		if err == nil && isTimeForm(s) != (got.Format(timeForm) == s) {
			t.Errorf("%q: in the form of timeForm: %t", s, isTimeForm(s))
		}
	})
}
