package notary

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// copied is a static copy of a log in memory.
type copied map[string][]byte

func (c copied) String() string { return "a copy in memory" }
func (c copied) Read(ctx context.Context, name string, max int64) ([]byte, error) {
	data, ok := c[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, ErrNotThere)
	}
	if int64(len(data)) > max {
		return nil, fmt.Errorf("%s: %w", name, ErrOversize)
	}
	return data, ctx.Err()
}

func (c copied) clone() copied { return maps.Clone(c) }

// copyOf makes a copy over the entries, with package tlog's tree, signed by
// the signer.
func copyOf(t testing.TB, entries [][]byte, trust Trust, signer *ledger.Signer) copied {
	t.Helper()
	c := copied{}
	c.lay(t, entries)
	ref := &reference{}
	for _, e := range entries {
		ref.add(t, tlog.RecordHash(e))
	}
	signed, err := signerOf(t, signer).checkpoint(ref.size, ref.root(t))
	if err != nil {
		t.Fatal(err)
	}
	c[checkpointFile] = signed.Note
	if c[KeysFile], err = trust.Marshal(); err != nil {
		t.Fatal(err)
	}
	return c
}

// lay writes the tiles and bundles over the entries.
func (c copied) lay(t testing.TB, entries [][]byte) {
	t.Helper()
	maps.DeleteFunc(c, func(name string, _ []byte) bool { return strings.HasPrefix(name, "tile/") })
	ref := &reference{}
	for _, e := range entries {
		ref.add(t, tlog.RecordHash(e))
	}
	for _, tile := range tlog.NewTiles(tileHeight, 0, int64(len(entries))) {
		data, err := tlog.ReadTileData(tile, ref)
		if err != nil {
			t.Fatal(err)
		}
		c[torchwood.TilePath(tile)] = data
		if tile.L != 0 {
			continue
		}
		var bundle []byte
		for _, e := range entries[tile.N*tileWidth : tile.N*tileWidth+int64(tile.W)] {
			if bundle, err = torchwood.AppendTileEntry(bundle, e); err != nil {
				t.Fatal(err)
			}
		}
		tile.L = entriesLevel
		c[torchwood.TilePath(tile)] = bundle
	}
}

// checks names the check behind a failure.
var checks = []struct{ says, check string }{
	{"witnesses cosigned", "cosignatures: too few"},
	{"cosignatures: ", "cosignatures: not of this checkpoint"},
	{"no such file", "completeness of the copy"},
	{"keys file", "keys file"},
	{"the log went back", "earlier checkpoint"},
	{"the log was forked", "earlier checkpoint"},
	{"checkpoint:", "checkpoint's form and signature"},
	{"not signed by a trusted key", "checkpoint's form and signature"},
	{"cut short", "completeness of the copy"},
	{"longer than it may be", "completeness of the copy"},
	{"bundle ends within", "completeness of the copy"},
	{"after its", "completeness of the copy"},
	{"the entry is not the one", "entry against tile"},
	{"is not the hash of what lies below", "tile against tile"},
	{"do not give the root", "tree against signed root"},
	{"downloaded inconsistent tile", "tree against signed root"},
	{"belongs to another ledger", "event's ledger"},
	{"signed by key", "event's signature"},
	{"signature by key", "event's signature"},
	{"revision", "stream: revisions without gap"},
	{"does not follow its predecessor", "stream: predecessor hash"},
	{"envelope", "event's form"},
	{"recorded before", "stream: recorded times"},
}

func checkOf(err error) string {
	for _, c := range checks {
		if strings.Contains(err.Error(), c.says) {
			return c.check
		}
	}
	return "unnamed: " + err.Error()
}

// matrix collects what detected what.
type matrix struct {
	rows  []string
	count map[string]map[string]int
}

func (m *matrix) add(t *testing.T, row string, err error) {
	t.Helper()
	if m.count == nil {
		m.count = map[string]map[string]int{}
	}
	if m.count[row] == nil {
		m.rows, m.count[row] = append(m.rows, row), map[string]int{}
	}
	if !isIntegrity(err) {
		t.Fatalf("%s: not detected: %v", row, err)
	}
	check := checkOf(err)
	if strings.HasPrefix(check, "unnamed") {
		t.Fatalf("%s: detected, but the table has no name for it: %s", row, check)
	}
	m.count[row][check]++
}

func (m *matrix) print(t *testing.T) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "tampering\tdetected by (how often)")
	for _, row := range m.rows {
		var by []string
		for _, check := range slices.Sorted(maps.Keys(m.count[row])) {
			by = append(by, fmt.Sprintf("%s (%d)", check, m.count[row][check]))
		}
		fmt.Fprintf(w, "%s\t%s\n", row, strings.Join(by, ", "))
	}
	w.Flush()
	t.Log("\n" + b.String())
}

// entriesOf records events and returns their envelopes.
func entriesOf(t testing.TB, d *desk, events, streams int) [][]byte {
	t.Helper()
	d.record(t, events, streams)
	out := make([][]byte, len(d.store.events))
	for i, e := range d.store.events {
		out[i] = e.Envelope
	}
	return out
}

// Everything that can be done to a copy is detected, and the table says by
// which check: by strangers, who can change files; by somebody who makes the
// tree again; and by the ledger itself, which can even sign it.
func TestTamperMatrix(t *testing.T) {
	t.Parallel() // beside those that wait
	d := newDesk(t)
	entries := entriesOf(t, d, 2, 1)
	small := copyOf(t, entries, d.trust, d.signer)
	verify := func(c copied, since *State) error {
		_, _, err := VerifyLog(t.Context(), c, VerifyConfig{Trust: d.trust, Catalog: doors, Since: since, Workers: 1})
		return err
	}
	if err := verify(small, nil); err != nil {
		t.Fatal(err)
	}
	var m matrix
	step := 1
	if testing.Short() {
		step = 13
	}
	// Of the first entry a sample is enough: it is made like the second.
	passedOver := func(name string, at int) bool {
		return strings.HasPrefix(name, "tile/entries/") && at < len(entries[0]) && at%13 != 0
	}
	for _, name := range slices.Sorted(maps.Keys(small)) {
		for bit := 0; bit < 8*len(small[name]); bit += step {
			if passedOver(name, bit/8) {
				continue
			}
			c := small.clone()
			c[name] = slices.Clone(c[name])
			c[name][bit/8] ^= 1 << (bit % 8)
			m.add(t, "a bit of "+name, verify(c, nil))
		}
		for length := 0; length < len(small[name]); length += step {
			if passedOver(name, length) {
				continue
			}
			c := small.clone()
			c[name] = c[name][:length]
			m.add(t, name+" cut off anywhere", verify(c, nil))
		}
		c := small.clone()
		c[name] = append(slices.Clone(c[name]), 'x')
		m.add(t, "a byte behind "+name, verify(c, nil))
		if delete(c, name); name != KeysFile {
			m.add(t, name+" missing", verify(c, nil))
		}
	}
	m.larger(t)
	m.insider(t)
	m.watched(t)
	m.print(t)
}

// larger does the same at random to a copy with full tiles, and changes whole
// entries with and without making the tree again.
func (m *matrix) larger(t *testing.T) {
	d := newDesk(t)
	entries := entriesOf(t, d, 600, 40)
	good := copyOf(t, entries, d.trust, d.signer)
	verify := func(c copied) error {
		_, _, err := VerifyLog(t.Context(), c, VerifyConfig{Trust: d.trust, Catalog: doors})
		return err
	}
	if err := verify(good); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(good)) {
		for range 5 {
			c := good.clone()
			c[name] = slices.Clone(c[name])
			bit := rand.IntN(8 * len(c[name]))
			c[name][bit/8] ^= 1 << (bit % 8)
			m.add(t, "a bit of a larger copy", verify(c))
		}
	}
	all := changes(entries)
	for _, what := range slices.Sorted(maps.Keys(all)) {
		change, c := all[what], good.clone()
		maps.DeleteFunc(c, func(name string, _ []byte) bool { return strings.HasPrefix(name, "tile/entries/") })
		changed := change()
		bundles := copied{}
		bundles.lay(t, changed)
		for name, data := range bundles {
			if strings.HasPrefix(name, "tile/entries/") {
				c[name] = data
			}
		}
		m.add(t, what+", entries only", verify(c))
		c = good.clone()
		c.lay(t, changed)
		m.add(t, what+", tree made again", verify(c))
	}
}

// changes are what may be done to the entries of a log with 40 streams in
// turn.
func changes(entries [][]byte) map[string]func() [][]byte {
	again := func() [][]byte { return slices.Clone(entries) }
	return map[string]func() [][]byte{
		"an entry dropped":                  func() [][]byte { return slices.Delete(again(), 300, 301) },
		"the last entries dropped":          func() [][]byte { return again()[:590] },
		"an entry doubled":                  func() [][]byte { return slices.Insert(again(), 300, entries[299]) },
		"two entries of a stream swapped":   func() [][]byte { return swap(again(), 200, 240) },
		"two entries of streams swapped":    func() [][]byte { return swap(again(), 200, 201) },
		"an entry in the place of a later":  func() [][]byte { e := again(); e[400] = e[360]; return e },
		"all entries in the opposite order": func() [][]byte { e := again(); slices.Reverse(e); return e },
	}
}

func swap(e [][]byte, i, j int) [][]byte {
	e[i], e[j] = e[j], e[i]
	return e
}

// insider has the log's own key and signs what was made again. What a single
// copy cannot show then, an earlier checkpoint does.
func (m *matrix) insider(t *testing.T) {
	d := newDesk(t)
	entries := entriesOf(t, d, 600, 40)
	verify := func(c copied, since *State) error {
		_, _, err := VerifyLog(t.Context(), c, VerifyConfig{Trust: d.trust, Catalog: doors, Since: since})
		return err
	}
	_, state, err := VerifyLog(t.Context(), copyOf(t, entries, d.trust, d.signer), VerifyConfig{Trust: d.trust, Catalog: doors})
	if err != nil {
		t.Fatal(err)
	}
	// What an event's own signatures and hashes do not show.
	unseen := []string{"the last entries dropped", "two entries of streams swapped"}
	all := changes(entries)
	for _, what := range slices.Sorted(maps.Keys(all)) {
		c := copyOf(t, all[what](), d.trust, d.signer)
		if err := verify(c, nil); slices.Contains(unseen, what) != (err == nil) {
			t.Fatalf("%s and signed, a single copy: %v", what, err)
		} else if err != nil {
			m.add(t, what+", signed by the ledger's own key", err)
		}
		m.add(t, what+", signed by the ledger's own key, --since", verify(c, &state))
	}
	old := copyOf(t, entries[:500], d.trust, d.signer)
	m.add(t, "rolled back to an old copy, --since", verify(old, &state))

	// Another past of the same ledger, of the same length.
	fork := *d
	fork.store, fork.last, fork.count = newShelf(), map[string]ledger.Hash{}, map[string]int64{}
	other := entriesOf(t, &fork, 600, 39)
	m.add(t, "forked, --since", verify(copyOf(t, other, d.trust, d.signer), &state))
	m.add(t, "forked and longer, --since", verify(copyOf(t, append(other, entriesOf(t, &fork, 50, 39)[600:]...), d.trust, d.signer), &state))

	// An event of another ledger, by its own key and by ours.
	foreign := newDesk(t)
	foreign.codec = ledger.NewCodec(doors, "probity.test/elsewhere")
	alien := entriesOf(t, foreign, 1, 1)
	m.add(t, "another ledger's event, signed into the log", verify(copyOf(t, append(slices.Clone(entries), alien...), d.trust, d.signer), nil))
	foreign = newDesk(t)
	alien = entriesOf(t, foreign, 1, 1)
	m.add(t, "an event by an unknown key, signed into the log", verify(copyOf(t, append(slices.Clone(entries), alien...), d.trust, d.signer), nil))
	m.add(t, "all of another ledger", verify(copyOf(t, alien, foreign.trust, foreign.signer), nil))
}
