package notary

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// fixedSigner always has the same key, so that committed seeds verify.
func fixedSigner(t testing.TB) *ledger.Signer {
	t.Helper()
	signer, err := ledger.NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func FuzzCheckpoint(f *testing.F) {
	s := signerOf(f, fixedSigner(f))
	c, err := s.checkpoint(3, tlog.RecordHash([]byte("x")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Note)
	keys := []note.Verifier{s.Verifier}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := OpenCheckpoint(raw, keys)
		if err != nil {
			return
		}
		// Nobody but the key's owner can make one; the text is what counts.
		if !bytes.HasPrefix(raw, []byte(testOrigin+"\n3\n"+c.Root.String()+"\n\n")) || got.Size != 3 || got.Root != c.Root {
			t.Fatalf("taken for a checkpoint: %q", raw)
		}
	})
}

func FuzzReceipt(f *testing.F) {
	trust := trustOf(f, testOrigin, fixedSigner(f))
	s := signerOf(f, fixedSigner(f))
	var hashes [2]tlog.Hash
	hashes[0], hashes[1] = tlog.RecordHash([]byte("one")), tlog.RecordHash([]byte("two"))
	c, err := s.checkpoint(2, tlog.NodeHash(hashes[0], hashes[1]))
	if err != nil {
		f.Fatal(err)
	}
	good := Receipt{1, []byte("two"), hashes[:1], c.Note}.Marshal()
	f.Add(good)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ParseReceipt(raw)
		if err != nil {
			return
		}
		if !bytes.Equal(r.Marshal(), raw) {
			t.Fatal("a receipt has two spellings")
		}
		if _, err := r.Verify(trust); err == nil && !(r.Index == 1 && string(r.Envelope) == "two" || r.Index == 0 && string(r.Envelope) == "one") {
			t.Fatalf("a made-up receipt verifies: %q", raw)
		}
	})
}

func FuzzBundle(f *testing.F) {
	var good []byte
	for _, e := range []string{"one", "", "three"} {
		good, _ = torchwood.AppendTileEntry(good, []byte(e))
	}
	f.Add(good, 3)
	f.Fuzz(func(t *testing.T, raw []byte, width int) {
		if width < 1 || width > tileWidth {
			return
		}
		entries, err := splitBundle(raw, width)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			again, err = torchwood.AppendTileEntry(again, e)
			if err != nil {
				t.Fatal(err)
			}
		}
		if len(entries) != width || !bytes.Equal(again, raw) {
			t.Fatalf("%d entries of %d bytes out of %d bytes", len(entries), len(again), len(raw))
		}
	})
}

func FuzzKeysFile(f *testing.F) {
	good, err := trustOf(f, testOrigin, fixedSigner(f)).Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, raw []byte) {
		trust, err := ParseTrust(raw)
		if err != nil {
			return
		}
		if len(trust.Events) == 0 {
			t.Fatal("a keys file without keys was taken")
		}
		if again, err := trust.Marshal(); err == nil && trust.Origin != "" {
			if _, err := ParseTrust(again); err != nil {
				t.Fatalf("what was read cannot be written and read again: %v", err)
			}
		}
	})
}

func FuzzEarlierVerification(f *testing.F) {
	trust := trustOf(f, testOrigin, fixedSigner(f))
	c, err := signerOf(f, fixedSigner(f)).checkpoint(0, emptyRoot)
	if err != nil {
		f.Fatal(err)
	}
	ring, err := ledger.NewKeyring(trust.Events...)
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "state")
	if err := (State{Checkpoint: c, Heads: ledger.NewHeads(), Keys: ledger.NewTrust(ring)}).WriteFile(path); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(c.Note)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := ParseState(raw, trust); err == nil && s.Checkpoint.Root != emptyRoot {
			t.Fatalf("a checkpoint that was never signed: %q", raw)
		}
	})
}

func FuzzSlot(f *testing.F) {
	good, err := slot{turn: 3, synced: 2, note: []byte("a note")}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, ok := decodeSlot(raw)
		if !ok {
			return
		}
		again, err := s.encode()
		if err != nil || !bytes.HasPrefix(raw, again) {
			t.Fatalf("another spelling: %v", err)
		}
	})
}

// hostile answers every request with the same bytes.
type hostile []byte

func (h hostile) String() string { return "hostile" }
func (h hostile) Read(_ context.Context, name string, max int64) ([]byte, error) {
	if name == KeysFile {
		return nil, ErrNotThere
	}
	if int64(len(h)) > max {
		return nil, ErrOversize
	}
	return h, nil
}

// Tiles and entries from a liar behind a checkpoint that is right.
func FuzzTile(f *testing.F) {
	trust := trustOf(f, testOrigin, fixedSigner(f))
	entry := []byte("no event")
	leaf := tlog.RecordHash(entry)
	c, err := signerOf(f, fixedSigner(f)).checkpoint(1, leaf)
	if err != nil {
		f.Fatal(err)
	}
	bundle, err := torchwood.AppendTileEntry(nil, entry)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(leaf[:], bundle)
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, tile, bundle []byte) {
		src := named3{c.Note, tile, bundle}
		_, _, err := VerifyLog(t.Context(), src, VerifyConfig{Trust: trust, Catalog: doors})
		if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
			t.Fatalf("got %v, want an integrity failure", err)
		}
	})
}

// named3 is a copy of a log with one event.
type named3 struct{ checkpoint, tile, bundle []byte }

func (n named3) String() string { return "three files" }
func (n named3) Read(ctx context.Context, name string, max int64) ([]byte, error) {
	switch name {
	case checkpointFile:
		return hostile(n.checkpoint).Read(ctx, name, max)
	case "tile/0/000.p/1":
		return hostile(n.tile).Read(ctx, name, max)
	case "tile/entries/000.p/1":
		return hostile(n.bundle).Read(ctx, name, max)
	}
	return nil, ErrNotThere
}
