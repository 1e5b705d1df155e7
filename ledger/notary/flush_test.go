package notary

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// loseSlot does to a slot that was not flushed whatever a disk may, and tells
// whether it is gone: of its bytes, the first are new and the others those of
// an earlier slot, or zeros.
func loseSlot(rt *rapid.T, dir string, s *slotFile) (lost bool) {
	if s.since.IsZero() || rapid.Bool().Draw(rt, "written") {
		return false
	}
	path := filepath.Join(dir, signedFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		rt.Fatal(err)
	}
	at := raw[s.at*slotSize : (s.at+1)*slotSize]
	whole, ok := decodeSlot(at)
	if !ok {
		rt.Fatal("what was put is no slot")
	}
	clear(at[rapid.IntRange(0, slotHead+len(whole.note)).Draw(rt, "from"):])
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		rt.Fatal(err)
	}
	return true
}

// A power cut takes the checkpoints that were not flushed, and the store keeps
// its events: the log opens at the last one flushed, signs on, and every
// checkpoint that was lost is one of a tree that it continues. If the store has
// lost events as well, down to below what was flushed, nothing is signed.
func TestCheckpointsThatAreNotFlushedAreSignedAgain(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(d.dir, signedFile)
	sign := func(n *Notary, events int) Head {
		d.mass(events)
		if err := n.extend(t.Context(), d.leavesFrom(n.tree.size), true); err != nil {
			t.Fatal(err)
		}
		h, _ := n.Head()
		return h
	}
	n := d.open(t)
	sign(n, 300)
	flushed := sign(n, 3)
	if err := n.Flush(); err != nil {
		t.Fatal(err)
	}
	onDisk, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lost []Head
	for i := range 5 {
		lost = append(lost, sign(n, 100*i+1))
		now, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// The slot that was flushed is as it was, whatever is put.
		at := (1 - n.disk.signed.at) * slotSize
		if kept, ok := decodeSlot(now[at:]); !ok || string(kept.note) != string(flushed.Note) || !slices.Equal(now[at:at+slotSize], onDisk[at:at+slotSize]) {
			t.Fatal("the slot that was flushed was written over")
		}
	}
	n.disk.close()
	killed := d.open(t) // the process alone ended: nothing is lost
	if h, _ := killed.Head(); string(h.Note) != string(lost[4].Note) {
		t.Fatalf("opened at %d after the process was killed", h.Size)
	}
	killed.disk.close()

	if err := os.WriteFile(path, onDisk, 0o644); err != nil {
		t.Fatal(err)
	}
	events := d.store.events
	d.store.events = events[:flushed.Size-1]
	if _, err := Open(d.dir, d.config(t)); !isIntegrity(err) {
		t.Errorf("a store that lacks an event under the flushed checkpoint: %v", err)
	}
	d.store.events = events
	n = d.open(t)
	defer n.Close()
	if h, _ := n.Head(); string(h.Note) != string(flushed.Note) {
		t.Fatalf("opened at %d, flushed was %d", h.Size, flushed.Size)
	}
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, was := range lost {
		if root, err := n.RootAt(was.Size); err != nil || root != was.Root {
			t.Errorf("the log does not continue the checkpoint over %d that was lost: %v", was.Size, err)
		}
	}
	if h, _ := n.Head(); string(h.Note) != string(lost[4].Note) {
		t.Error("the last checkpoint is not signed again in the same bytes")
	}
}

// Whoever rests on a checkpoint elsewhere finds it on the disk.
func TestWhatGoesToAWitnessIsFlushed(t *testing.T) {
	d := newDesk(t)
	n := d.open(t)
	defer n.Close()
	for range 2 {
		d.mass(1)
		if err := n.extend(t.Context(), d.leavesFrom(n.tree.size), true); err != nil {
			t.Fatal(err)
		}
	}
	if n.disk.signed.since.IsZero() {
		t.Fatal("the second checkpoint was flushed at once: this test shows nothing")
	}
	c := &cosigner{n: n, p: WitnessPolicy{Logger: slog.New(slog.DiscardHandler)}, met: true}
	if err := c.step(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if c.target == nil || c.target.Size != 2 || !n.disk.signed.since.IsZero() {
		t.Error("a checkpoint is sent around that is not on the disk")
	}
}
