package notary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// events yields the events from index on, and checks entries and tiles on
// the way. What is wrong ends it, in order.
func (v *logVerification) events(ctx context.Context, from int64) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		// At an end that is the beginning, no bundle of the old part is read.
		if from == v.head.Size && from > 0 {
			return
		}
		for b := range v.bundles(ctx, from/tileWidth) {
			for i, entry := range b.entries {
				index := b.number*tileWidth + int64(i)
				v.tree.add(b.hashes[i])
				for _, w := range v.cfg.Watchers {
					if v.tree.size == w.Wants() {
						w.Root(v.tree.root())
					}
				}
				if index >= from && !yield(ledger.Stored{Position: ledger.Position(index + 1), Envelope: entry}, nil) {
					return
				}
			}
			err := b.err
			if err == nil {
				err = v.upper(ctx)
			}
			if err != nil {
				yield(ledger.Stored{}, err)
				return
			}
		}
		if err := v.end(ctx); err != nil {
			yield(ledger.Stored{}, err)
		}
	}
}

// end checks the last tiles, which are partial, and the root.
func (v *logVerification) end(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for level := 1; level < tileLevels; level++ {
		if err := v.compareNodes(ctx, level); err != nil {
			return err
		}
	}
	if v.tree.size != v.head.Size || v.tree.root() != v.head.Root {
		return &ledger.IntegrityError{What: fmt.Sprintf("the %d events do not give the root that was signed over %d", v.tree.size, v.head.Size)}
	}
	return nil
}

// gather is told of each node of the tree.
func (v *logVerification) gather(height int, index int64, h tlog.Hash) {
	level := height / tileHeight
	if level == 0 || height%tileHeight != 0 {
		return // leaves are compared with their tile when they are read
	}
	run := &v.nodes[level]
	if len(run.data) == 0 {
		run.index = index
	}
	run.data = append(run.data, h[:]...)
}

// upper compares the tiles above level 0 that are complete by now.
func (v *logVerification) upper(ctx context.Context) error {
	for level := 1; level < tileLevels; level++ {
		run := v.nodes[level]
		if end := run.index + int64(len(run.data)/tlog.HashSize); len(run.data) > 0 && end%tileWidth == 0 {
			if err := v.compareNodes(ctx, level); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareNodes compares what was gathered of a tile with its file.
func (v *logVerification) compareNodes(ctx context.Context, level int) error {
	run := &v.nodes[level]
	if len(run.data) == 0 {
		return nil
	}
	first := int(run.index % tileWidth)
	t := tlog.Tile{H: tileHeight, L: level, N: run.index / tileWidth, W: first + len(run.data)/tlog.HashSize}
	kept, err := v.tile(ctx, t)
	if err != nil {
		return err
	}
	if !bytes.Equal(kept[first*tlog.HashSize:], run.data) {
		return &ledger.IntegrityError{What: fmt.Sprintf("%s is not the hash of what lies below it", torchwood.TilePath(t))}
	}
	run.data = run.data[:0]
	return nil
}

// tile reads a tile of hashes, at its exact length.
func (v *logVerification) tile(ctx context.Context, t tlog.Tile) ([]byte, error) {
	name := torchwood.TilePath(t)
	data, err := v.read(ctx, name, int64(t.W)*tlog.HashSize)
	if err == nil && len(data) != t.W*tlog.HashSize {
		err = &ledger.IntegrityError{What: fmt.Sprintf("%s is cut short: %d bytes instead of %d", name, len(data), t.W*tlog.HashSize)}
	}
	return data, err
}

func (v *logVerification) read(ctx context.Context, name string, max int64) ([]byte, error) {
	data, err := v.src.Read(ctx, name, max)
	return data, asDamage(err)
}

// asDamage makes an *IntegrityError of what is the copy's own fault.
func asDamage(err error) error {
	if errors.Is(err, ErrNotThere) || errors.Is(err, ErrOversize) {
		return &ledger.IntegrityError{What: err.Error()}
	}
	return err
}

// authenticTiles reads tiles for the library, which checks each against the
// root.
type authenticTiles struct{ v *logVerification }

func (a authenticTiles) ReadTiles(ctx context.Context, tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if out[i], err = a.v.tile(ctx, t); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (authenticTiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (a authenticTiles) ReadEndpoint(ctx context.Context, path string) ([]byte, error) {
	return a.v.read(ctx, path, MaxCheckpoint)
}

// maxPrefetch bounds how many bundles are read ahead; each takes at most
// maxBundle bytes.
const (
	maxPrefetch = 6
	maxBundle   = tileWidth * (2 + ledger.MaxEnvelope)
)

// bundle is a bundle of entries, compared with its tile.
type bundle struct {
	number  int64
	entries [][]byte
	hashes  []tlog.Hash
	// err is of what follows the entries.
	err error
}

// bundles reads bundles ahead, several at a time, and yields them in order.
func (v *logVerification) bundles(ctx context.Context, first int64) iter.Seq[bundle] {
	return func(yield func(bundle) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		count := (v.head.Size + tileWidth - 1) / tileWidth
		ahead := min(maxPrefetch, 2*runtime.GOMAXPROCS(0))
		pending := make([]chan bundle, 0, ahead)
		next := first
		for at := first; at < count; at++ {
			for ; next < count && len(pending) < ahead; next++ {
				done := make(chan bundle, 1)
				pending = append(pending, done)
				go func(number int64) { done <- v.bundle(ctx, number) }(next)
			}
			if !yield(<-pending[0]) {
				return
			}
			pending = append(pending[:0], pending[1:]...)
		}
	}
}

// bundle reads one bundle and compares it with its tile of leaf hashes.
func (v *logVerification) bundle(ctx context.Context, number int64) bundle {
	b := bundle{number: number}
	width := int(min(v.head.Size-number*tileWidth, tileWidth))
	t := tlog.Tile{H: tileHeight, L: 0, N: number, W: width}
	leaves, err := v.tile(ctx, t)
	if err != nil {
		b.err = err
		return b
	}
	t.L = entriesLevel
	name := torchwood.TilePath(t)
	raw, err := v.read(ctx, name, maxBundle)
	if err != nil {
		b.err = err
		return b
	}
	entries, err := splitBundle(raw, width)
	for i, entry := range entries {
		h := tlog.RecordHash(entry)
		if want := tlog.Hash(leaves[i*tlog.HashSize : (i+1)*tlog.HashSize]); h != want {
			b.err = &ledger.IntegrityError{Position: ledger.Position(number*tileWidth + int64(i) + 1),
				What: name + ": the entry is not the one whose hash stands in the tree's tile"}
			return b
		}
		b.entries, b.hashes = append(b.entries, entry), append(b.hashes, h)
	}
	if err != nil {
		b.err = &ledger.IntegrityError{Position: ledger.Position(number*tileWidth + int64(len(entries)) + 1), What: name + ": " + err.Error()}
	}
	return b
}
