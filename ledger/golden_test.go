package ledger_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
)

var update = flag.Bool("update", false, "write golden bytes for kinds that have none yet")

// Golden bytes hold the payload of every kind, filled. They may be added,
// never changed: recorded events look like them.
func TestEveryKindHasItsGoldenBytes(t *testing.T) {
	cat := catalog.New()
	codec := ledger.NewCodec(cat, "probity.test/golden")
	signer := newBench(t, ledger.Ed25519).signer
	known := map[string]bool{}
	for _, room := range cat.Aggregates {
		for _, kind := range room.Events {
			name := string(kind.Kind) + ".json"
			known[name] = true
			stream := domain.Ref{Type: room.Name, ID: "X1"}.Stream()
			id := ledger.EventIDOf(stream, string(kind.Kind), 0)
			want := domain.Recorded{
				ID: domain.EventID(id.String()), Stream: stream, Revision: 1,
				Act: domaintest.By("someone", domain.RoleLeader), Event: domaintest.Filled(kind),
			}
			payload, err := codec.Encode(want, ledger.HashPayload([]byte("before")))
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "golden", name)
			golden, err := os.ReadFile(path)
			if os.IsNotExist(err) && *update {
				golden = append(payload, '\n')
				if err := os.WriteFile(path, golden, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if err != nil {
				t.Errorf("%s has no golden bytes: run 'go test ./ledger -run Golden -update' and commit them", kind.Kind)
				continue
			}
			golden = bytes.TrimSuffix(golden, []byte("\n"))
			if diff := cmp.Diff(string(golden), string(payload)); diff != "" {
				t.Errorf("%s is written otherwise than before; make it a new version (-golden +now):\n%s", kind.Kind, diff)
			}
			envelope, err := ledger.Seal(golden, signer)
			if err != nil {
				t.Fatal(err)
			}
			got, err := codec.Decode(ledger.Stored{Position: 1, Stream: stream, Revision: 1, ID: id, Envelope: envelope})
			if err != nil {
				t.Errorf("%s can no longer be read: %v", kind.Kind, err)
				continue
			}
			if diff := cmp.Diff(want, got.Recorded); diff != "" {
				t.Errorf("%s reads back otherwise (-want +got):\n%s", kind.Kind, diff)
			}
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "golden"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("golden bytes %s belong to no kind of the catalog: a recorded kind never goes away", f.Name())
		}
	}
}
