package notary

import (
	"bytes"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// watched has the log's own key against it, and a witness on the auditor's
// side: one who confirmed the good log, and nothing else.
func (m *matrix) watched(t *testing.T) {
	d := newDesk(t)
	entries := entriesOf(t, d, 600, 40)
	witness := newSigner(t)
	key, err := NewWitnessKey("w.test/1", witness.Public())
	if err != nil {
		t.Fatal(err)
	}
	verify := func(c copied) error {
		_, _, err := VerifyLog(t.Context(), c, VerifyConfig{Trust: d.trust, Catalog: doors, Witnesses: []*WitnessKey{key}})
		return err
	}
	good := copyOf(t, entries, d.trust, d.signer)
	text, _ := signatures(good[checkpointFile])
	line, err := key.Cosign(text, witness, time.Unix(1766000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	m.add(t, "never shown to a witness, --witness-key", verify(good))
	signed := good[checkpointFile]
	good[checkpointFile] = slices.Concat(signed, []byte(line))
	if err := verify(good); err != nil {
		t.Fatal(err)
	}
	for bit := 0; bit < 8*len(line); bit++ {
		c := good.clone()
		c[checkpointFile] = bytes.Clone(good[checkpointFile])
		c[checkpointFile][len(signed)+bit/8] ^= 1 << (bit % 8)
		m.add(t, "a bit of a cosignature, --witness-key", verify(c))
	}
	fork := *d
	fork.store, fork.last, fork.count = newShelf(), map[string]ledger.Hash{}, map[string]int64{}
	all := changes(entries)
	all["rolled back"] = func() [][]byte { return entries[:500] }
	all["forked"] = func() [][]byte { return entriesOf(t, &fork, 600, 39) }
	for _, what := range slices.Sorted(maps.Keys(all)) {
		c := copyOf(t, all[what](), d.trust, d.signer)
		m.add(t, what+", signed by the ledger's own key, --witness-key", verify(c))
		c[checkpointFile] = slices.Concat(c[checkpointFile], []byte(line))
		m.add(t, what+", with the cosignature of the good log, --witness-key", verify(c))
	}
}
