package notary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// VerifyConfig is what the verification of a copy works with. Trust and
// Catalog are required.
type VerifyConfig struct {
	// Trust are the keys.
	Trust Trust
	// Catalog knows the kinds of event.
	Catalog *domain.Catalog
	// Since is how far an earlier verification came: only what is new is
	// checked, and that it continues what was there.
	Since *State
	// Workers and Fast are those of [ledger.VerifyConfig].
	Workers int
	Fast    bool
	// Progress, when set, is told how many of the events are done.
	Progress func(done, total int64)
}

// Report says what a verification of a copy looked at. It is only complete
// when VerifyLog returned no error.
type Report struct {
	Source string `json:"source"`
	Origin string `json:"origin"`
	// Size, Root and Checkpoint are what the log's key signed.
	Size       int64  `json:"size"`
	Root       string `json:"root"`
	Checkpoint string `json:"checkpoint"`
	// Since is the earlier checkpoint it went on from; 0 for none.
	Since     int64  `json:"since"`
	SinceRoot string `json:"sinceRoot,omitempty"`
	Files     int64  `json:"files"`
	Bytes     int64  `json:"bytes"`
	// Events is what was found of the events checked.
	Events  ledger.Report `json:"events"`
	Seconds float64       `json:"seconds"`
	// Checked, OnTrust and NotChecked say in words what the report covers.
	Checked    []string `json:"checked"`
	OnTrust    []string `json:"onTrust"`
	NotChecked []string `json:"notChecked"`
}

// VerifyLog checks a copy of a log with nothing but trusted keys: that a
// trusted key signed the checkpoint; that entries and tiles, each file of
// them, give its root; that every event is signed, follows its predecessor
// and that no stream has a gap. What is wrong with the copy is an
// *ledger.IntegrityError, whose position is the event's place in the log,
// counted from 1; that a server cannot be reached is another error.
//
// The returned state lets a later verification go on from here.
func VerifyLog(ctx context.Context, src Source, cfg VerifyConfig) (Report, State, error) {
	start := time.Now()
	v := &logVerification{src: &countedSource{Source: src}, cfg: cfg}
	v.report = Report{Source: src.String(), OnTrust: []string{}}
	state, err := v.run(ctx)
	v.report.Files, v.report.Bytes = v.src.files.Load(), v.src.bytes.Load()
	v.report.Seconds = time.Since(start).Seconds()
	return v.report, state, err
}

type logVerification struct {
	src    *countedSource
	cfg    VerifyConfig
	report Report

	head Checkpoint
	tree tree
	// nodes gathers the hashes of the tiles above level 0, from the first
	// that is new, until a tile is complete.
	nodes [tileLevels]nodeRun
}

// nodeRun are the hashes of a tile from index on.
type nodeRun struct {
	index int64
	data  []byte
}

func (v *logVerification) run(ctx context.Context) (State, error) {
	if err := v.open(ctx); err != nil {
		return State{}, err
	}
	from, heads, err := v.begin(ctx)
	if err != nil {
		return State{}, err
	}
	keys, err := ledger.NewKeyring(v.cfg.Trust.Events...)
	if err != nil {
		return State{}, err
	}
	cfg := ledger.VerifyConfig{
		Codec: ledger.NewCodec(v.cfg.Catalog, v.head.Origin), Keys: keys, Workers: v.cfg.Workers, Fast: v.cfg.Fast,
		Heads: heads, Unanchored: from > 0 && v.cfg.Since.Heads == nil,
	}
	if p := v.cfg.Progress; p != nil {
		cfg.Progress = func(events int) { p(from+int64(events), v.head.Size) }
	}
	v.report.Events, err = ledger.VerifyEvents(ctx, func(ctx context.Context) iter.Seq2[ledger.Stored, error] { return v.events(ctx, from) }, cfg)
	if err != nil {
		return State{}, err
	}
	v.say(from)
	return State{v.head, heads}, nil
}

// open reads the checkpoint and the keys file of the copy.
func (v *logVerification) open(ctx context.Context) error {
	signed, err := v.read(ctx, checkpointFile, MaxCheckpoint)
	if err != nil {
		return err
	}
	v.head, err = v.cfg.Trust.Open(signed)
	if err != nil {
		return &ledger.IntegrityError{What: err.Error()}
	}
	v.report.Origin, v.report.Size = v.head.Origin, v.head.Size
	v.report.Root, v.report.Checkpoint = v.head.Root.String(), string(v.head.Note)
	keys, err := v.src.Read(ctx, KeysFile, MaxTrust)
	switch {
	case errors.Is(err, ErrNotThere): // a server shows none
		v.report.NotChecked = append(v.report.NotChecked, "the copy's own keys file (there is none)")
	case err != nil:
		return asDamage(err)
	default:
		if err := v.ownKeys(keys); err != nil {
			return &ledger.IntegrityError{What: "the copy's keys file: " + err.Error()}
		}
		v.report.Checked = append(v.report.Checked, "the copy's own keys file, which names no key that is not trusted")
	}
	return nil
}

// ownKeys checks that the copy's keys file is in its one spelling and asks
// nobody to trust more than the auditor does.
func (v *logVerification) ownKeys(raw []byte) error {
	own, err := ParseTrust(raw)
	if err != nil {
		return err
	}
	if own.Origin != v.head.Origin {
		return fmt.Errorf("it is of the ledger %q", own.Origin)
	}
	trusted, err := v.cfg.Trust.Verifiers(v.head.Origin)
	if err != nil {
		return err
	}
	named, err := own.Verifiers(v.head.Origin)
	if err != nil {
		return err
	}
	for i, k := range named {
		if len(withoutKey(trusted, k)) == len(trusted) {
			return fmt.Errorf("checkpoint key %s is not among the trusted", own.Log[i])
		}
	}
	known := map[ledger.KeyID]bool{}
	for _, k := range v.cfg.Trust.Events {
		id, err := ledger.KeyIDOf(k)
		if err != nil {
			return err
		}
		known[id] = true
	}
	for _, k := range own.Events {
		if id, err := ledger.KeyIDOf(k); err != nil || !known[id] {
			return errors.Join(fmt.Errorf("event key %s is not among the trusted", id), err)
		}
	}
	again, err := own.Marshal()
	if err != nil {
		return err
	}
	if !bytes.Equal(again, raw) {
		return errors.New("it is not in its one spelling")
	}
	return nil
}

// begin returns the index of the first event to check and the heads to go on
// from, once the log is known to continue what was verified before.
func (v *logVerification) begin(ctx context.Context) (int64, *ledger.Heads, error) {
	v.tree.node = v.gather
	heads := ledger.NewHeads()
	if v.cfg.Since == nil {
		return 0, heads, nil
	}
	was := v.cfg.Since.Checkpoint
	v.report.Since, v.report.SinceRoot = was.Size, was.Root.String()
	switch {
	case was.Origin != v.head.Origin:
		return 0, nil, fmt.Errorf("the earlier checkpoint is of the ledger %q, the copy of %q", was.Origin, v.head.Origin)
	case was.Size > v.head.Size:
		return 0, nil, &ledger.IntegrityError{What: fmt.Sprintf(
			"the log went back: it has %d events, the earlier checkpoint covers %d", v.head.Size, was.Size)}
	case was.Size == v.head.Size && was.Root != v.head.Root:
		return 0, nil, fork(was)
	}
	if v.cfg.Since.Heads != nil {
		heads = v.cfg.Since.Heads
	}
	if was.Size == 0 {
		return 0, heads, nil
	}
	tiles := torchwood.TileHashReaderWithContext(ctx, tlog.Tree{N: v.head.Size, Hash: v.head.Root}, authenticTiles{v})
	root, err := tlog.TreeHash(was.Size, tiles)
	if err != nil {
		return 0, nil, asDamage(fmt.Errorf("tiles do not lead to the checkpoint's root: %w", err))
	}
	if root != was.Root {
		return 0, nil, fork(was)
	}
	base := was.Size / tileWidth * tileWidth
	if v.tree, err = treeAt(base, tiles); err != nil {
		return 0, nil, asDamage(err)
	}
	v.tree.node = v.gather
	return was.Size, heads, nil
}

func fork(was Checkpoint) error {
	return &ledger.IntegrityError{What: fmt.Sprintf(
		"the log was forked: its first %d events are not those that the earlier checkpoint covers", was.Size)}
}

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
func (v *logVerification) gather(level int, index int64, h tlog.Hash) {
	if level == 0 {
		return // compared with their tile when they are read
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

// say puts into words what was and what was not verified.
func (v *logVerification) say(from int64) {
	r := &v.report
	files := "every bundle of entries and every tile of hashes under it, up to the signed root"
	if from > 0 {
		files = "the bundles of the new entries and the tiles of hashes above them, up to the signed root"
	}
	r.Checked = append(r.Checked, "the checkpoint's signature by a trusted key", files, "that no stream has a gap, up to the signed size")
	for _, c := range r.Events.Checked {
		r.Checked = append(r.Checked, "of each event: "+c)
	}
	r.OnTrust = append(r.OnTrust, fmt.Sprintf("the keys that were given (%d of events)", len(v.cfg.Trust.Events)))
	if from > 0 {
		r.Checked = append(r.Checked, fmt.Sprintf("that the log continues the %d events of the earlier checkpoint unchanged", from))
		r.OnTrust = append(r.OnTrust, fmt.Sprintf("the first %d events, which the earlier verification covers", from))
	}
	if n := r.Events.Unanchored; n > 0 {
		r.NotChecked = append(r.NotChecked, fmt.Sprintf(
			"the predecessor of the first new event in %d streams that began before the earlier checkpoint (go on from a file saved by a verification to check it)", n))
	}
	r.NotChecked = append(r.NotChecked,
		"cosignatures of witnesses: whether others were shown the same log",
		"events recorded after this checkpoint",
		"files that do not belong to this checkpoint")
	slices.Sort(r.NotChecked)
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
