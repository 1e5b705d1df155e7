package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	replicas "github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// begun is a ledger that records, with so many commands behind it.
func begun(t *testing.T, dir string, commands ...string) *house.House {
	t.Helper()
	h, err := house.Open(house.Config{Dir: dir, Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands {
		if _, _, err := h.Submit(t.Context(), []byte(c)); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

const unitCommand = `{"id":"%[1]s","command":"unit.establish","subject":"%[1]s","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`

// How long a checkpoint is waited for is told by what waits, not by files,
// which are new after a restore.
func TestTheLogIsBehindByWhatWaits(t *testing.T) {
	dir := t.TempDir()
	look := func(later time.Duration) []Finding {
		p := &Patient{Dir: dir, Now: func() time.Time { return time.Now().Add(later) },
			Open: func() (*house.House, error) { return house.Open(house.Config{Dir: dir}) }}
		defer p.Close()
		return findings(t, p, "log", checkpoints)
	}
	h := begun(t, dir, fmt.Sprintf(unitCommand, "a"))
	has(t, "nothing signed", look(0), "warn log: no checkpoint is signed yet")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	has(t, "all signed", look(time.Hour), "ok log: the last checkpoint covers all 1 events")
	h = begun(t, dir, fmt.Sprintf(unitCommand, "b"))
	defer h.Close()
	if err := os.Chtimes(filepath.Join(dir, house.LogDir, "signed"), time.Time{}, time.Now().Add(-24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	now := look(0)
	has(t, "a moment", now, "warn log: the last checkpoint covers position 1 of 2; the first event after it was recorded ")
	late := look(10 * time.Minute)
	has(t, "too long", late, "was recorded 10m")
	if now[0].Mend == late[0].Mend {
		t.Errorf("mend both by %q", now[0].Mend)
	}
}

// On replicas the keys of sealed identities are not in the folder.
func TestTheSealOfReplicas(t *testing.T) {
	database, dir := pgtest.Database(t), t.TempDir()
	h := begun(t, dir)
	if _, err := h.MakeSealKey(); err != nil {
		t.Fatal(err)
	}
	look := func() []Finding {
		p := &Patient{Dir: dir, Views: database, Open: func() (*house.House, error) {
			return house.Open(house.Config{Dir: dir, Replicas: database})
		}}
		defer p.Close()
		return findings(t, p, "seal", sealed)
	}
	plain := "warn seal: " + filepath.Join(dir, "seal.key") + " is not encrypted"
	has(t, "before the first replica", look(), "identities that can be opened: 0, by keys in the PostgreSQL", plain)
	c, err := replicas.Open(t.Context(), database, replicas.Options{Origin: h.Codec.Origin()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Vault().Put("k", []byte("wrapped")); err != nil {
		t.Fatal(err)
	}
	has(t, "one identity", look(), "identities that can be opened: 1, by keys in the PostgreSQL", plain)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "seal.key")); err != nil {
		t.Fatal(err)
	}
	has(t, "without the master key", look(), "fail seal: the vault holds 1 keys")
}
