package witness

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/ledger/notary"
)

func FuzzRequest(f *testing.F) {
	a := newAgency(f, "agency.test/a").grow(f, 12, "word")
	f.Add([]byte(a.request(f, 5, 9)))
	f.Add([]byte(a.request(f, 0, 12)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parseRequest(raw)
		if err == nil && requestOf(r.old, r.proof, string(r.note)) != string(raw) {
			t.Fatalf("a request has two spellings: %q", raw)
		}
	})
}

// Whatever is sent, nothing but the ledger's own next trees is cosigned.
func FuzzAdd(f *testing.F) {
	a := newAgency(f, "agency.test/a").grow(f, 12, "word")
	forked := a.fork(f, 3, 12)
	for _, b := range []string{a.request(f, 5, 9), a.request(f, 5, 5), a.request(f, 0, 12), a.request(f, 5, 3), forked.request(f, 5, 5), forked.request(f, 5, 12)} {
		f.Add([]byte(b))
	}
	p := newPost(f, a)
	p.cfg.PerSecond = 1e9
	w := p.open(f)
	if _, err := w.Add([]byte(a.request(f, 0, 5))); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := w.Status().Ledgers[0]
		line, err := w.Add(raw)
		after := w.Status().Ledgers[0]
		if err != nil {
			if statusOf(err) == 500 || after.Size != before.Size {
				t.Fatalf("%v, size %d after %d", err, after.Size, before.Size)
			}
			return
		}
		r, _ := parseRequest(raw)
		c, err := notary.OpenCheckpoint(append(r.note, line...), []note.Verifier{a.key})
		if err != nil || c.Size < before.Size || c.Size != after.Size || string(r.note[:60]) != a.checkpoint(t, c.Size)[:60] {
			t.Fatalf("cosigned %q (%v)", raw, err)
		}
	})
}

func FuzzState(f *testing.F) {
	a := newAgency(f, "agency.test/a").grow(f, 12, "word")
	f.Add(state{at: 1766000000, note: []byte(a.checkpoint(f, 9))}.marshal())
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := parseState(raw)
		if err == nil && string(s.marshal()) != string(raw) {
			t.Fatalf("what is remembered has two spellings: %q", raw)
		}
		if errors.Is(err, ErrMalformed) {
			t.Fatal("memory is no request")
		}
	})
}
