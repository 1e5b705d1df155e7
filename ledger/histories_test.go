package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

var histories = filepath.Join("testdata", "histories")

// Whole lives of aggregates, as they were recorded and signed once, are read,
// verified and folded for ever to the states they had. The bytes are made by
// a test of cmd/probity/agency and never written again; the states are
// written by -update where a stream has none. Where a fold is meant to have
// changed, delete the file of states and write it anew: the change then
// shows as what it is.
func TestHistoriesFoldToTheStatesTheyHad(t *testing.T) {
	pem, err := os.ReadFile(filepath.Join(histories, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	publics, err := ledger.ParsePublicKeys(pem)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ledger.NewKeyring(publics...)
	if err != nil {
		t.Fatal(err)
	}
	cat := catalog.New()
	codec := ledger.NewCodec(cat, "probity.test/histories")
	for _, room := range cat.Aggregates {
		t.Run(room.Name, func(t *testing.T) {
			events := readHistory(t, room.Name)
			store := ledgertest.NewMemory()
			defer store.Close()
			states := map[string]any{}
			for _, s := range events {
				d, err := codec.Decode(s)
				if err != nil {
					t.Fatalf("%s revision %d can no longer be read: %v", s.Stream, s.Revision, err)
				}
				if d.Event.Kind().Room() != room.Name {
					t.Fatalf("%s revision %d is of the room %s", s.Stream, s.Revision, d.Event.Kind().Room())
				}
				if states[s.Stream] == nil {
					states[s.Stream] = room.NewState()
				}
				room.Apply(states[s.Stream], d.Event, d.Act)
				if _, err := store.Append(t.Context(), s.Stream, s.Revision-1, []ledger.Entry{{ID: s.ID, Envelope: s.Envelope}}); err != nil {
					t.Fatal(err)
				}
			}
			report, err := ledger.Verify(t.Context(), store, ledger.VerifyConfig{Codec: codec, Keys: keys})
			if err != nil || report.Events != len(events) || report.Events == 0 {
				t.Fatalf("%d of %d events verify: %v", report.Events, len(events), err)
			}
			compareStates(t, room.Name, states)
		})
	}
	files, err := filepath.Glob(filepath.Join(histories, "*.ndjson"))
	if err != nil || len(files) != len(cat.Aggregates) {
		t.Errorf("%d histories for %d rooms (%v): one of each, and a room never goes away", len(files), len(cat.Aggregates), err)
	}
}

func readHistory(t testing.TB, room string) []ledger.Stored {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(histories, room+".ndjson"))
	if err != nil {
		t.Fatalf("the room has no history; run 'go test ./cmd/probity/agency -run History -update': %v", err)
	}
	events, err := ledgertest.ParseHistory(text)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// compareStates holds the states against those committed.
func compareStates(t *testing.T, room string, states map[string]any) {
	t.Helper()
	path := filepath.Join(histories, room+".states.json")
	var want map[string]any
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	got := map[string]any{}
	for stream, state := range states {
		got[stream] = shown(reflect.ValueOf(state))
		if _, known := want[stream]; !known && *update {
			if want == nil {
				want = map[string]any{}
			}
			want[stream] = got[stream]
		}
	}
	if *update {
		text, err := json.MarshalIndent(want, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the history folds to another state than it had; an old event must go on meaning what it meant (-then +now):\n%s", diff)
	}
}

// shown turns a state into what its JSON reads back as: every field that is
// not zero, exported or not, numbers and moments in words.
func shown(v reflect.Value) any {
	switch {
	case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return shown(v.Elem())
	case v.CanInterface() && v.Type() == reflect.TypeFor[time.Time]():
		return v.Interface().(time.Time).UTC().Format(time.RFC3339Nano)
	case v.CanInterface() && v.Type() == reflect.TypeFor[domain.Date]():
		return v.Interface().(domain.Date).String()
	case v.Kind() == reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				out[v.Type().Field(i).Name] = shown(v.Field(i))
			}
		}
		return out
	case v.Kind() == reflect.Map:
		out := map[string]any{}
		for key, value := range v.Seq2() {
			out[fmt.Sprint(key)] = shown(value)
		}
		return out
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		out := make([]any, v.Len())
		for i := range v.Len() {
			out[i] = shown(v.Index(i))
		}
		return out
	}
	return fmt.Sprint(v)
}
