package index

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger/notary"
)

// clone copies a proof so that a test can spoil it.
func clone(t *testing.T, f *File) *File {
	t.Helper()
	raw, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	out, err := ParseFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// resign puts another root under a proof, signed by the ledger's own key.
func resign(t *testing.T, d *desk, f *File, change func(*Root)) {
	t.Helper()
	s, err := openSigned([]byte(f.Index), []byte(f.Checkpoint), d.trust)
	if err != nil {
		t.Fatal(err)
	}
	change(&s.Root)
	raw, err := s.Root.sign(d.signer)
	if err != nil {
		t.Fatal(err)
	}
	f.Index = string(raw)
}

func drop[T any](list []T, i int) []T { return slices.Delete(slices.Clone(list), i, i+1) }

func TestAFileThatIsNotWholeIsFoundOut(t *testing.T) {
	d := newDesk(t)
	d.history(t, 4, 6)
	x := d.open(t)
	defer x.Close()
	d.sign(t, x)
	of := officer("P1")
	early := d.file(t, x, of)
	d.history(t, 4, 3)
	d.sign(t, x)
	good, other := d.file(t, x, of), d.file(t, x, officer("P2"))
	if _, err := d.verify(t, good, of); err != nil {
		t.Fatal(err)
	}
	foreignKey := newDesk(t)
	// An entry that is in no list of the proof.
	var foreign Entry
	for _, e := range other.Entries {
		if !slices.ContainsFunc(good.Entries, func(g Entry) bool { return g.Index == e.Index }) {
			foreign = e
			break
		}
	}
	if foreign.Proof == nil {
		t.Fatal("the two files share every entry")
	}
	last := len(good.Lists[0].Indices) - 1
	tests := []struct {
		name  string
		spoil func(f *File)
		want  string
	}{
		{"an event dropped from the entries", func(f *File) { f.Entries = drop(f.Entries, 2) }, "the proof lacks it"},
		{"an event dropped from list and entries", func(f *File) {
			at := f.Lists[0].Indices[last]
			f.Lists[0].Indices = f.Lists[0].Indices[:last]
			f.Entries = slices.DeleteFunc(f.Entries, func(e Entry) bool { return e.Index == at })
		}, "not the one that the signed index holds"},
		{"two events swapped in the list", func(f *File) {
			l := f.Lists[0].Indices
			l[0], l[1] = l[1], l[0]
		}, "not the one that the signed index holds"},
		{"a foreign event among the entries", func(f *File) {
			f.Entries = append(f.Entries, foreign)
			slices.SortFunc(f.Entries, func(a, b Entry) int { return int(a.Index - b.Index) })
		}, "foreign"},
		{"a foreign event in list and entries", func(f *File) {
			f.Lists[0].Indices = append(f.Lists[0].Indices, foreign.Index)
			slices.Sort(f.Lists[0].Indices)
			f.Entries = append(f.Entries, foreign)
			slices.SortFunc(f.Entries, func(a, b Entry) int { return int(a.Index - b.Index) })
		}, "not the one that the signed index holds"},
		{"an entry twice", func(f *File) { f.Entries = append(f.Entries, f.Entries[len(f.Entries)-1]) }, "out of order"},
		{"another event in an entry's place", func(f *File) { f.Entries[0].Envelope = f.Entries[1].Envelope }, "not in the log"},
		{"an entry with another's proof", func(f *File) { f.Entries[0].Proof = f.Entries[1].Proof }, "not in the log"},
		{"an entry open and closed at once", func(f *File) { f.Entries[0].Leaf = tlog.RecordHash(f.Entries[0].Envelope) }, "a leaf hash besides"},
		{"an entry closed under a wrong hash", func(f *File) { f.Entries[0].Envelope, f.Entries[0].Leaf = nil, Hash{1} }, "not in the log"},
		{"a matter left out", func(f *File) { f.Lists = drop(f.Lists, 1) }, "foreign"},
		{"a matter left out with its entries", func(f *File) {
			f.Lists = drop(f.Lists, 1)
			f.Entries = slices.DeleteFunc(f.Entries, func(e Entry) bool {
				return !slices.ContainsFunc(f.Lists, func(l List) bool { return slices.Contains(l.Indices, e.Index) })
			})
		}, "belongs to the file"},
		{"a matter too many", func(f *File) { f.Lists = append(f.Lists, other.Lists[0]) }, ""},
		{"no lists", func(f *File) { f.Lists = []List{} }, "does not begin"},
		{"another's lists and entries", func(f *File) { f.Lists, f.Entries = other.Lists, other.Entries }, "does not begin"},
		{"another's list under the name", func(f *File) {
			f.Lists, f.Entries = slices.Clone(other.Lists), other.Entries
			f.Lists[0].Ref = SpellRef(of)
		}, "not the one that the signed index holds"},
		{"said to be of nobody", func(f *File) {
			leaf := x.trie.leaves[x.trie.number[keyOf(testOrigin, of)]]
			f.Lists = []List{{Ref: SpellRef(of), Indices: []int64{}, Path: f.Lists[0].Path, Other: &Other{leaf.key, valueOf(f.Lists[0].Blind, leaf.chain, leaf.count)}}}
			f.Entries = []Entry{}
		}, "not the one that the signed index holds"},
		{"said to be of nobody by another's leaf", func(f *File) {
			path, leaf := x.trie.path(keyOf(testOrigin, officer("P2")))
			f.Lists = []List{{Ref: SpellRef(of), Indices: []int64{}, Path: path, Other: &Other{leaf.key, valueOf(blindOf(x.secret, leaf.key, leaf.count), leaf.chain, leaf.count)}}}
			f.Entries = []Entry{}
		}, "not the one that the signed index holds"},
		{"a step of the path left out", func(f *File) { f.Lists[0].Path = drop(f.Lists[0].Path, 0) }, "not the one that the signed index holds"},
		{"a step of the path with a mad bit", func(f *File) { f.Lists[0].Path[0].Bit = -1 }, "not the one that the signed index holds"},
		{"a step of the path beyond the key", func(f *File) { f.Lists[0].Path[len(f.Lists[0].Path)-1].Bit = 256 }, "not the one that the signed index holds"},
		{"another blind", func(f *File) { f.Lists[0].Blind[3] ^= 1 }, "not the one that the signed index holds"},
		{"the older root under the newer list", func(f *File) { f.Index, f.Checkpoint = early.Index, early.Checkpoint }, ""},
		{"the older index with the newer checkpoint", func(f *File) { f.Index = early.Index }, "the checkpoint beside it"},
		{"the older list under the newer root", func(f *File) { f.Lists, f.Entries = early.Lists, early.Entries }, ""},
		{"the subject renamed", func(f *File) { f.Subject = "officer/P2" }, "not of officer/P1"},
		{"a root signed by another ledger's key", func(f *File) {
			resign(t, &desk{trust: d.trust, signer: foreignKey.signer}, f, func(*Root) {})
		}, "no verifiable signatures"},
		{"a forged root that is not signed", func(f *File) { f.Index = strings.Replace(f.Index, "map ", "map A", 1) }, ""},
		{"a root signed anew for a short list", func(f *File) {
			// The ledger itself lies: a map made for this proof, in which an
			// opened event is not listed.
			l := &f.Lists[0]
			l.Indices = l.Indices[:last]
			key := keyOf(testOrigin, of)
			root, _ := rootFrom(key, leafHash(key, valueOf(l.Blind, chainOf(l.Indices), int64(last))), l.Path)
			resign(t, d, f, func(r *Root) { r.Map = root })
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := clone(t, good)
			tt.spoil(f)
			_, err := d.verify(t, f, of)
			if !isIntegrity(err) {
				t.Fatalf("accepted, or another error: %v", err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
	if _, err := d.verify(t, good, officer("P2")); !isIntegrity(err) {
		t.Errorf("of another: %v", err)
	}
	theirs := *d
	theirs.trust = foreignKey.trust
	if _, err := theirs.verify(t, good, of); !isIntegrity(err) {
		t.Errorf("under other keys: %v", err)
	}
}

// Every byte of a proof counts.
func TestNoByteOfAProofCanBeChanged(t *testing.T) {
	t.Parallel() // beside those that wait
	d := newDesk(t)
	d.history(t, 2, 1)
	x := d.signed(t)
	raw, err := d.file(t, x, officer("P0")).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	cfg := VerifyConfig{Trust: d.trust, Catalog: testCatalog, Rooms: testRooms}
	for i := range raw {
		bad := slices.Clone(raw)
		bad[i] ^= 1
		if _, err := VerifyFile(t.Context(), bad, officer("P0"), cfg); !isIntegrity(err) {
			t.Fatalf("byte %d, %q: %v", i, raw[max(0, i-20):min(len(raw), i+20)], err)
		}
	}
	if _, err := VerifyFile(t.Context(), raw[:len(raw)/2], officer("P0"), cfg); !isIntegrity(err) {
		t.Errorf("cut in half: %v", err)
	}
}

// verifyCopy verifies a copy with the index beside it.
func verifyCopy(t *testing.T, d *desk, dir string, watchers ...notary.Watcher) error {
	t.Helper()
	src, err := notary.OpenSource(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = notary.VerifyLog(t.Context(), src, notary.VerifyConfig{Trust: d.trust, Catalog: testCatalog, Watchers: watchers})
	return err
}

func TestWhoeverHasTheLogCatchesAnIndexThatLies(t *testing.T) {
	d := newDesk(t)
	d.history(t, 4, 100) // more than a tile
	x := d.open(t)
	defer x.Close()
	d.sign(t, x)
	honest := d.file(t, x, officer("P1"))
	d.record(t, "officer", "P1", joined{Unit: "U9"})
	d.sign(t, x)

	dir := t.TempDir()
	keys, err := d.trust.Verifiers(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := d.trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.notary.Export(t.Context(), dir, raw, keys, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if files, err := x.Export(dir); err != nil || files != want {
			t.Fatalf("%d files written, want %d: %v", files, want, err)
		}
	}
	src, _ := notary.OpenSource(dir, "")
	check := func() *Check {
		t.Helper()
		c, err := OpenCheck(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	against := func(f *File) *Check {
		t.Helper()
		raw, err := f.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		c, err := check().Against(raw)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	own, of, listing := check(), against(honest), NewListing(officer("P1"), testRooms)
	if err := verifyCopy(t, d, dir, own, of, listing); err != nil {
		t.Fatal(err)
	}
	if err := own.Result(d.trust); err != nil {
		t.Error(err)
	}
	if err := of.Result(d.trust); err != nil {
		t.Error(err)
	}
	now := d.file(t, x, officer("P1"))
	listed := listing.Result()
	if listed.Events != len(now.Lists[0].Indices) || len(listed.Entries) != len(now.Entries) || len(listed.Matters) != len(now.Lists)-1 {
		t.Errorf("the log lists %d events, %d matters, %d entries; the proof %d, %d, %d", listed.Events, len(listed.Matters), len(listed.Entries),
			len(now.Lists[0].Indices), len(now.Lists)-1, len(now.Entries))
	}
	for i, e := range now.Entries {
		if listed.Entries[i] != e.Index {
			t.Fatalf("entry %d is %d in the log, %d in the proof", i, listed.Entries[i], e.Index)
		}
	}

	lies := map[string]func(*Root){
		"another map":     func(r *Root) { r.Map[0] ^= 1 },
		"an older size":   func(r *Root) { r.Size-- },
		"another log":     func(r *Root) { r.Log[0] ^= 1 },
		"a larger size":   func(r *Root) { r.Size++ },
		"another secret":  func(r *Root) { r.Secret[0] ^= 1 },
		"another ledger":  func(r *Root) { r.Origin = "probity.test/other" },
		"nothing changed": nil,
	}
	for what, change := range lies {
		r := x.head
		if change != nil {
			change(&r.Root)
		}
		note, err := r.Root.sign(d.signer)
		if err != nil {
			t.Fatal(err)
		}
		// A ledger that lies about the size signs a checkpoint for it, too.
		text := fmt.Sprintf("%s\n%d\n%s\n", r.Origin, r.Size, r.Log)
		checkpoint, err := notary.SignNote(r.Origin, text, d.signer)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, CopyFile), signed{note: note, checkpoint: checkpoint}.marshal(), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCheck(t.Context(), src)
		if err == nil {
			if err = verifyCopy(t, d, dir, c); err == nil {
				err = c.Result(d.trust)
			}
		}
		if (err == nil) != (change == nil) || err != nil && !isIntegrity(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := Drop(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheck(t.Context(), src); err != ErrNoCopy {
		t.Errorf("without an index: %v", err)
	}
}

func TestASignedIndexIsNoCheckpoint(t *testing.T) {
	d := newDesk(t)
	d.history(t, 1, 1)
	x := d.signed(t)
	keys, err := d.trust.NamedOver(nameOf(testOrigin), 0)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := notary.OpenCheckpoint(x.head.note, keys); err == nil {
		t.Errorf("the index was taken for the checkpoint %+v", c)
	}
	asOwn := strings.ReplaceAll(string(x.head.note), "— "+nameOf(testOrigin), "— "+testOrigin)
	if c, err := d.trust.Open([]byte(asOwn)); err == nil {
		t.Errorf("relabelled, the index was taken for the checkpoint %+v", c)
	}
}
