package embedded

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// TestNoFlippedBitMakesReadingFailBadly flips single bits all over the file.
// What a bit means decides what comes of it: the envelopes are the business of
// the signatures over them; here it must end, without panic, in an error or
// in events of which each that is still the same has kept its place.
func TestNoFlippedBitMakesReadingFailBadly(t *testing.T) {
	flips := 120
	if testing.Short() {
		flips = 60
	}
	dir := made(t, 60)
	whole, err := os.ReadFile(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[event]ledger.Position)
	s := open(t, dir, Options{ReadOnly: true})
	for e, err := range s.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		want[event{e.ID, string(e.Envelope)}] = e.Position
	}

	broken := t.TempDir()
	var refused, damaged int
	for range flips {
		bit := rand.IntN(8 * len(whole))
		file := bytes.Clone(whole)
		file[bit/8] ^= 1 << (bit % 8)
		for _, suffix := range []string{"-wal", "-shm"} {
			os.Remove(filepath.Join(broken, dataFile+suffix))
		}
		if err := os.WriteFile(filepath.Join(broken, dataFile), file, 0o600); err != nil {
			t.Fatal(err)
		}
		err := readEverything(t, broken, want)
		var integrity *ledger.IntegrityError
		switch {
		case errors.As(err, &integrity):
			damaged++
		case err != nil:
			refused++
			t.Logf("bit %d of byte %d: %v", bit%8, bit/8, err)
		}
	}
	if damaged == 0 {
		t.Errorf("of %d flips none was found to be damage", flips)
	}
	t.Logf("%d flips: %d damage, %d other errors", flips, damaged, refused)
}

// event is what one flipped bit cannot turn into another: at most one of the
// two differs.
type event struct {
	id       uuid.UUID
	envelope string
}

func readEverything(t *testing.T, dir string, want map[event]ledger.Position) error {
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	for e, err := range s.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			return err
		}
		if at, ok := want[event{e.ID, string(e.Envelope)}]; ok && at != e.Position {
			t.Errorf("the event of position %s was given at %s", at, e.Position)
		}
	}
	for _, err := range s.ReadStream(t.Context(), "officer-1", 0) {
		if err != nil {
			return err
		}
	}
	return s.CheckHead(t.Context())
}
