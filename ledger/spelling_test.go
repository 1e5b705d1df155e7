package ledger_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
)

// Only the holder of the key can write an event in another spelling. Verify
// finds it all the same: a missing or null member must not pass for an empty
// one, nor one instant or digit string for another.
func TestVerifyAcceptsOneSpellingOnly(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder()
	for _, id := range []string{"1", "2"} {
		if _, err := r.Record(t.Context(), onLamp(id, light{"li/A", 1})); err != nil {
			t.Fatal(err)
		}
	}
	events := b.events(t)
	good := string(events[1].Payload)
	hash := good[strings.Index(good, `"prevhash":"`)+12:][:64]
	for name, bad := range map[string]string{
		"as it was":               good,
		"no actor":                strings.Replace(good, `"actor":"hr-li",`, ``, 1),
		"no role":                 strings.Replace(good, `"role":"hr",`, ``, 1),
		"an optional member":      strings.Replace(good, `"data":`, `"causationid":"","data":`, 1),
		"data with null":          strings.Replace(good, `"hand":"li/A"`, `"hand":null`, 1),
		"data without its field":  strings.Replace(good, `"hand":"li/A"`, ``, 1),
		"data that is null":       strings.Replace(good, `{"hand":"li/A"}`, `null`, 1),
		"an escape":               strings.Replace(good, `li/A`, `li/\u0041`, 1),
		"an escaped slash":        strings.Replace(good, `li/A`, `li\/A`, 1),
		"a space":                 strings.Replace(good, `"role":"hr"`, `"role": "hr"`, 1),
		"a line break at the end": good + "\n",
		"another order":           strings.Replace(good, `"actor":"hr-li","role":"hr"`, `"role":"hr","actor":"hr-li"`, 1),
		"a revision as 1.0":       strings.Replace(good, `"revision":1`, `"revision":1.0`, 1),
		"a comma in the time":     strings.Replace(good, `30:00.000000Z`, `30:00,000000Z`, 1),
		"a hash in capitals":      strings.Replace(good, hash, strings.ToUpper(hash), 1),
	} {
		t.Run(name, func(t *testing.T) {
			envelope, err := ledger.Seal([]byte(bad), b.signer)
			if err != nil {
				t.Fatal(err)
			}
			var stored []ledger.Stored
			for s, err := range b.memory.ReadAll(t.Context(), ledger.Start) {
				if err != nil {
					t.Fatal(err)
				}
				stored = append(stored, s)
			}
			stored[1].Envelope = envelope
			_, err = ledger.Verify(t.Context(), &shelf{events: stored}, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys})
			if bad == good {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if failure, ok := errors.AsType[*ledger.IntegrityError](err); !ok || failure.Position != 2 {
				t.Fatalf("got %v, want an integrity failure at position 2", err)
			}
		})
	}
}

func TestPayloadsAreTheJSONThatACanonicalWriterWrites(t *testing.T) {
	b := newLampBench(t)
	for _, text := range []string{"", `"\/`, "\x00\x1f\x7f\u0085", "\u2028<&>", "廉\U0001F3DB", strings.Repeat("x", 3000)} {
		act := domaintest.By("hr-li", domain.RoleHR)
		act.Subject, act.Cause, act.Rulebook = "L1", domain.EventID(text), text
		payload, err := b.codec.Encode(domain.Recorded{ID: "1", Stream: "lamp-L1", Act: act, Event: lit{text}}, ledger.Hash{})
		if err != nil {
			t.Fatal(err)
		}
		again := jsontext.Value(bytes.Clone(payload))
		if err := again.Format(jsontext.PreserveRawStrings(false)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(again), string(payload)); diff != "" {
			t.Errorf("%q (-formatted +written):\n%s", text, diff)
		}
	}
}

func TestWhatCouldNotBeReadBackIsNotEncoded(t *testing.T) {
	b := newLampBench(t)
	good := domain.Recorded{ID: "1", Stream: "lamp-L1", Act: domaintest.By("hr-li", domain.RoleHR), Event: lit{"li"}}
	for name, change := range map[string]func(r *domain.Recorded){
		"a year before the first":  func(r *domain.Recorded) { r.Act.OccurredAt = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a year of five digits":    func(r *domain.Recorded) { r.Act.RecordedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"text that is not UTF-8":   func(r *domain.Recorded) { r.Event = lit{"\xff"} },
		"an actor that is not":     func(r *domain.Recorded) { r.Act.Actor = "\xff" },
		"a revision below 0":       func(r *domain.Recorded) { r.Revision = -1 },
		"a revision over 32 bits":  func(r *domain.Recorded) { r.Revision = 1 << 31 },
		"a kind of another ledger": func(r *domain.Recorded) { r.Event = foreignEvent{} },
	} {
		r := good
		change(&r)
		if payload, err := b.codec.Encode(r, ledger.Hash{}); err == nil {
			t.Errorf("%s was encoded: %s", name, payload)
		}
	}
}

type foreignEvent struct{}

func (foreignEvent) Kind() domain.Kind { return "lamp.stolen.v1" }
