package index

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// fuzzDesk is a ledger whose key is in the corpus's making as well: a proof
// made at random must never verify unless it is the one that was made.
func fuzzDesk(t testing.TB) (*desk, []byte) {
	t.Helper()
	pem, err := os.ReadFile(filepath.Join("testdata", "fuzz.key"))
	if err != nil {
		t.Fatal(err)
	}
	priv, err := ledger.ParseKey(pem, nil)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	d := deskOf(t, signer)
	d.history(t, 2, 1)
	// The secret is drawn at random elsewhere; here it must not be.
	if err := os.MkdirAll(filepath.Join(d.dir, "index"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "index", SecretFile), marshalSecret(Hash{42}), 0o600); err != nil {
		t.Fatal(err)
	}
	x := d.open(t)
	if err := d.notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw, err := d.file(t, x, officer("P0")).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return d, raw
}

// FuzzVerifyFile looks for a proof that is accepted and is not the one made.
func FuzzVerifyFile(f *testing.F) {
	d, good := fuzzDesk(f)
	f.Add(good)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := VerifyFile(t.Context(), raw, officer("P0"), VerifyConfig{Trust: d.trust, Catalog: testCatalog, Rooms: testRooms})
		if err != nil && !isIntegrity(err) {
			t.Fatalf("an error that is not about the proof: %v", err)
		}
		if err == nil && string(raw) != string(good) && r.Closed == 0 {
			t.Fatalf("accepted: %q", raw)
		}
	})
}

// FuzzParseSigned looks for two texts of one signed index, and for panics.
func FuzzParseSigned(f *testing.F) {
	d, _ := fuzzDesk(f)
	good, err := os.ReadFile(filepath.Join(d.dir, "index", signedFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := parseSigned(raw, d.trust); err == nil && string(s.marshal()) != string(raw) {
			t.Fatalf("two spellings: %q and %q", raw, s.marshal())
		}
	})
}

// FuzzReplay looks for files that make the reader panic, or that it takes for
// the signed ones though they give another map.
func FuzzReplay(f *testing.F) {
	d, _ := fuzzDesk(f)
	refs, err := os.ReadFile(filepath.Join(d.dir, "index", refsFile))
	if err != nil {
		f.Fatal(err)
	}
	touches, err := os.ReadFile(filepath.Join(d.dir, "index", touchesFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(refs, touches, int64(5))
	f.Add(refs[:40], touches[:30], int64(2))
	f.Fuzz(func(t *testing.T, refs, touches []byte, size int64) {
		dir := t.TempDir()
		for name, raw := range map[string][]byte{refsFile: refs, touchesFile: touches} {
			if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		disk, err := openDisk(dir, false)
		if err != nil {
			t.Fatal(err)
		}
		defer disk.close()
		trie := newTrie(Hash{42})
		if n, err := disk.replay(trie, size); err == nil && n*touchSize > int64(len(touches)) {
			t.Fatalf("%d touches out of %d bytes", n, len(touches))
		}
		trie.root()
	})
}
