package notary

import (
	"context"
	"errors"
	"fmt"
	"iter"
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
	// Witnesses are those whose cosignatures of the checkpoint are checked, at
	// least Quorum of them, or all when it is 0. Without any they are left
	// unchecked, and the report says so.
	Witnesses []*WitnessKey
	Quorum    int
	// Workers and Fast are those of [ledger.VerifyConfig].
	Workers int
	Fast    bool
	// Progress, when set, is told how many of the events are done.
	Progress func(done, total int64)
	// Authors is that of [ledger.VerifyConfig].
	Authors ledger.AuthorRules
	// Watchers go along with a verification from the beginning of the log;
	// one that goes on from an earlier one has nothing for them.
	Watchers []Watcher
}

// Watcher is told what a verification comes past.
type Watcher interface {
	// Event is told of each event found right, in order, and what it
	// touches. Its error ends the verification.
	Event(index int64, touches []domain.Ref) error
	// Wants is the size of the log at which it is told of the root.
	Wants() int64
	// Root is the root that the entries give at that size. It may be told
	// before the events below it, from another goroutine.
	Root(tlog.Hash)
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
	// SignedBy are the keys that signed the checkpoint and count at its end,
	// Followed tells that none of them was handed over: the log enrols it.
	SignedBy []ledger.KeyID `json:"signedBy,omitempty"`
	Followed bool           `json:"followed"`
	// Witnesses says who cosigned it; nil when unchecked.
	Witnesses *Witnessed `json:"witnesses,omitempty"`
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

// VerifyLog checks a copy of a log with nothing but trusted keys: that the
// checkpoint is signed by a key that is trusted, or that the log itself enrols,
// and that counts at the log's end; that entries and tiles, each file of
// them, give its root; that every event is signed, follows its predecessor
// and that no stream has a gap. What is wrong with the copy is an
// *ledger.IntegrityError, whose position is the event's place in the log,
// counted from 1; that a server cannot be reached is another error.
//
// A checkpoint by a key that is not trusted is provisional until the events
// are verified. No more is read on its word than there are events that keys
// which count signed, and the bundle after them.
//
// The returned state lets a later verification go on from here, and is the
// caller's to close.
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
	// keys is what is known of the keys of events; partial where the events of
	// an earlier verification may have said more about them.
	keys    *ledger.Trust
	partial bool
	// provisional: whether the checkpoint's signature counts is yet to be seen.
	provisional bool
	// claimed are the keys that the copy's keys file names beside the trusted
	// ones: right only if the log itself enrols them.
	claimed []claimedKey
	brought bool // the copy brought a keys file
	// nodes gathers the hashes of the tiles above level 0, from the first
	// that is new, until a tile is complete.
	nodes [tileLevels]nodeRun
}

// nodeRun are the hashes of a tile from index on.
type nodeRun struct {
	index int64
	data  []byte
}

func (v *logVerification) run(ctx context.Context) (state State, err error) {
	if err := v.open(ctx); err != nil {
		return State{}, err
	}
	from, heads, err := v.begin(ctx)
	if err != nil {
		return State{}, err
	}
	defer func() {
		if state.Heads == nil { // what is not handed on is done with
			err = errors.Join(err, heads.Close())
		}
	}()
	keys, err := ledger.NewKeyring(v.cfg.Trust.Events...)
	if err != nil {
		return State{}, err
	}
	v.keys = ledger.NewTrust(keys)
	if from > 0 {
		if v.keys = v.cfg.Since.Keys; v.keys == nil {
			v.keys, v.partial = ledger.NewPartialTrust(keys), true
		}
	}
	cfg := ledger.VerifyConfig{
		Codec: ledger.NewCodec(v.cfg.Catalog, v.head.Origin), Keys: keys, Workers: v.cfg.Workers, Fast: v.cfg.Fast,
		Trust: v.keys, Partial: v.partial, Heads: heads, Unanchored: from > 0 && v.cfg.Since.Heads == nil, Authors: v.cfg.Authors,
	}
	if len(v.cfg.Watchers) > 0 && from == 0 {
		cfg.Each = func(at ledger.Position, touches []domain.Ref) error {
			for _, w := range v.cfg.Watchers {
				if err := w.Event(int64(at)-1, touches); err != nil {
					return err
				}
			}
			return nil
		}
	}
	if p := v.cfg.Progress; p != nil {
		cfg.Progress = func(events int) { p(from+int64(events), v.head.Size) }
	}
	v.report.Events, err = ledger.VerifyEvents(ctx, func(ctx context.Context) iter.Seq2[ledger.Stored, error] { return v.events(ctx, from) }, cfg)
	if bad, ok := errors.AsType[*ledger.IntegrityError](err); ok && v.provisional {
		return State{}, v.byWhom(bad)
	}
	if err != nil {
		return State{}, err
	}
	if err := v.signedByNow(); err != nil {
		return State{}, err
	}
	if err := v.claimedKeys(); err != nil {
		return State{}, err
	}
	v.say(from)
	if v.partial {
		return State{Checkpoint: v.head}, nil
	}
	return State{Checkpoint: v.head, Heads: heads, Keys: v.keys}, nil
}

// open reads the checkpoint and the keys file of the copy.
func (v *logVerification) open(ctx context.Context) error {
	signed, err := v.read(ctx, checkpointFile, MaxCheckpoint)
	if err != nil {
		return err
	}
	if v.head, err = v.openSigned(signed); err != nil {
		return &ledger.IntegrityError{What: err.Error()}
	}
	v.report.Origin, v.report.Size = v.head.Origin, v.head.Size
	v.report.Root, v.report.Checkpoint = v.head.Root.String(), string(v.head.Note)
	if len(v.cfg.Witnesses) > 0 {
		w, err := CheckWitnesses(v.head, v.cfg.Witnesses, v.cfg.Quorum)
		v.report.Witnesses = &w
		if err != nil {
			return err
		}
		v.report.Checked = append(v.report.Checked, fmt.Sprintf("that %d of %d witnesses cosigned the checkpoint, of which %d had to", len(w.Cosigned), len(v.cfg.Witnesses), w.Quorum))
	}
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
		return 0, nil, v.byWhom(&ledger.IntegrityError{What: fmt.Sprintf(
			"the log went back: it has %d events, the earlier checkpoint covers %d", v.head.Size, was.Size)})
	case was.Size == v.head.Size && was.Root != v.head.Root:
		return 0, nil, v.byWhom(fork(was))
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
		return 0, nil, v.byWhom(fork(was))
	}
	base := was.Size / tileWidth * tileWidth
	if v.tree, err = treeAt(base, tiles); err != nil {
		return 0, nil, asDamage(err)
	}
	v.tree.node = v.gather
	return was.Size, heads, nil
}

func fork(was Checkpoint) *ledger.IntegrityError {
	return &ledger.IntegrityError{What: fmt.Sprintf(
		"the log was forked: its first %d events are not those that the earlier checkpoint covers", was.Size)}
}

// say puts into words what was and what was not verified.
func (v *logVerification) say(from int64) {
	r := &v.report
	files := "every bundle of entries and every tile of hashes under it, up to the signed root"
	if from > 0 {
		files = "the bundles of the new entries and the tiles of hashes above them, up to the signed root"
	}
	signature := "the checkpoint's signature by a trusted key, which counts at the end of the log as far as the log speaks of it"
	if r.Followed {
		signature = fmt.Sprintf("the checkpoint's signature by key %s, which the log enrols and which counts at its end", r.SignedBy[0])
	}
	r.Checked = append(r.Checked, signature, files, "that no stream has a gap, up to the signed size")
	for _, c := range r.Events.Checked {
		r.Checked = append(r.Checked, "of each event: "+c)
	}
	r.OnTrust = append(r.OnTrust, fmt.Sprintf("the keys that were given (%d of events)", len(v.cfg.Trust.Events)))
	if from > 0 {
		r.Checked = append(r.Checked, fmt.Sprintf("that the log continues the %d events of the earlier checkpoint unchanged", from))
		r.OnTrust = append(r.OnTrust, fmt.Sprintf("the first %d events, which the earlier verification covers", from))
	}
	if v.partial {
		r.NotChecked = append(r.NotChecked, fmt.Sprintf(
			"what the events before the earlier checkpoint say of keys: only the keys given are known from there, and %d signatures by others are not judged (go on from a file saved by a verification to check them)", r.Events.Unjudged))
	}
	if n := r.Events.Unanchored; n > 0 {
		r.NotChecked = append(r.NotChecked, fmt.Sprintf(
			"the predecessor of the first new event in %d streams that began before the earlier checkpoint (go on from a file saved by a verification to check it)", n))
	}
	r.NotChecked = append(r.NotChecked, r.Events.UncheckedAuthors()...)
	if r.Witnesses == nil {
		r.NotChecked = append(r.NotChecked, "cosignatures of witnesses: whether others were shown the same log")
	}
	r.NotChecked = append(r.NotChecked,
		"events recorded after this checkpoint",
		"files that do not belong to this checkpoint")
	slices.Sort(r.NotChecked)
}
