package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/domain"
)

// VerifyConfig is what a verification works with. Codec and Keys are
// required.
type VerifyConfig struct {
	Codec *Codec
	// Keys are the ledger keys trusted from the beginning; the others are
	// found in the log (see [Trust]).
	Keys *Keyring
	// Trust is what an earlier verification knew of the keys, whose events
	// are not read again; it is carried on. Begun with Keys when nil.
	Trust *Trust
	// Partial: not every event of the ledger is read, now or by an earlier
	// verification whose Trust is carried on. Keys enrolled elsewhere are then
	// not known; the report counts their signatures (see [NewPartialTrust]).
	Partial bool
	// Workers verify in parallel; one per core when zero.
	Workers int
	// Fast checks Ed25519 signatures in batches, three to four times as
	// fast. The batch equation is cofactored: on keys crafted for it, it may
	// accept a signature that RFC 8032's cofactorless check (and openssl)
	// refuses. The report says when it was used.
	Fast bool
	// Progress, when set, is told now and then how many events are done.
	Progress func(events int)
	// Heads is where the streams ended after an earlier verification, whose
	// events are not read again; it is carried on, and the caller's to close.
	// Empty when nil.
	Heads *Heads
	// Unanchored takes the events of a ledger whose beginning is not read,
	// without its heads: the first event met of a stream may then have any
	// revision, and its predecessor hash is not checked.
	Unanchored bool
	// Authors, when set, tells which events needed their author's signature.
	Authors AuthorRules
	// Each, when set, is told of each event found right, in order, and what
	// it touches. Its error ends the verification.
	Each func(at Position, touches []domain.Ref) error
}

// Report says what a verification looked at. It is only complete when Verify
// returned no error.
type Report struct {
	Origin  string `json:"origin"`
	Events  int    `json:"events"`
	Streams int    `json:"streams"`
	// Unanchored counts the streams whose predecessor was not at hand.
	Unanchored   int            `json:"unanchored,omitempty"`
	LastPosition Position       `json:"lastPosition,string"`
	Signatures   map[KeyID]int  `json:"signatures"`
	Kinds        map[string]int `json:"kinds"`
	Imported     int            `json:"imported"`
	// Keys are those met, and what became of them.
	Keys []KeyReport `json:"keys"`
	// Doubts is what no valid signature holds since a key was revoked.
	Doubts []Doubt `json:"doubts,omitempty"`
	// Unjudged counts signatures by keys that only events not read enrol.
	Unjudged int `json:"unjudged,omitempty"`
	// Authored counts events that also carry the signature of who acted.
	Authored int `json:"authored"`
	// AuthorsRequired counts events that needed it by their rulebook,
	// AuthorsUnchecked those of editions whose file was not at hand.
	AuthorsRequired  int            `json:"authorsRequired"`
	AuthorsUnchecked map[string]int `json:"authorsUnchecked,omitempty"`
	// Rulebooks counts events by the edition of the rulebook they were decided
	// under (domain.Rulebook.Edition).
	Rulebooks map[string]int `json:"rulebooks"`
	Fast      bool           `json:"fast"`
	Seconds   float64        `json:"seconds"`
	// Checked and NotChecked say in words what the report covers.
	Checked    []string `json:"checked"`
	NotChecked []string `json:"notChecked"`
}

// headChecker is a store that can tell whether its last events are all
// there, beyond what reading it shows.
type headChecker interface {
	CheckHead(ctx context.Context) error
}

// How many events a worker takes at once: a larger batch costs less for each
// signature.
const (
	verifyChunk = 256
	fastChunk   = 1024
	// chunkBytes bounds what a chunk holds in memory, beyond its last event.
	chunkBytes = 1 << 20
)

// Verify reads the whole store and checks every event: the envelope's form,
// every signature, and that it counts at its place (see [Trust]), the strict decoding of payload and
// data, that they are spelled as the ledger writes them, that the payload names its own place (stream, revision, id, ledger),
// that revisions have no gap, that each event names the hash of its
// predecessor and was not recorded before it, and that positions rise. The first event found wrong, in
// order of position, ends it with an *IntegrityError.
func Verify(ctx context.Context, store Store, cfg VerifyConfig) (Report, error) {
	checked := false
	if hc, ok := store.(headChecker); ok {
		checked = true
		if err := hc.CheckHead(ctx); err != nil {
			return newVerification(cfg).report, err
		}
	}
	v := newVerification(cfg)
	v.counted = true
	report, err := v.settled(ctx, func(ctx context.Context) iter.Seq2[Stored, error] { return store.ReadAll(ctx, Start) })
	if checked {
		report.Checked = append(report.Checked, "store head")
	}
	return report, err
}

// VerifyEvents checks events from elsewhere than a store, as Verify does, in
// the order in which read yields them. Events without a stream are taken at
// their own word (see [Codec.Decode]); their positions are places in the log,
// counted from 1.
func VerifyEvents(ctx context.Context, read func(context.Context) iter.Seq2[Stored, error], cfg VerifyConfig) (Report, error) {
	return newVerification(cfg).settled(ctx, read)
}

// settled runs the verification and completes its report.
func (v *verification) settled(ctx context.Context, read func(context.Context) iter.Seq2[Stored, error]) (Report, error) {
	start := time.Now()
	err := v.run(ctx, read)
	if err == nil {
		err = v.trust.Settle()
	}
	v.report.Keys, v.report.Doubts, v.report.Unjudged = v.trust.Keys(), v.trust.Doubts(), v.trust.Unjudged()
	if v.cfg.Partial {
		v.report.NotChecked = append(v.report.NotChecked, "keys enrolled or ended by events that were not read: the given keys alone are known from the beginning")
	}
	v.sayAuthors()
	v.report.Streams = v.heads.Streams()
	if v.cfg.Heads == nil {
		err = errors.Join(err, v.heads.Close())
	}
	v.report.Seconds = time.Since(start).Seconds()
	return v.report, err
}

func newVerification(cfg VerifyConfig) *verification {
	v := &verification{cfg: cfg, heads: cfg.Heads, trust: cfg.Trust}
	if v.heads == nil {
		v.heads = NewHeads()
	}
	switch {
	case v.trust != nil:
	case cfg.Partial:
		v.trust = NewPartialTrust(cfg.Keys)
	default:
		v.trust = NewTrust(cfg.Keys)
	}
	v.report = Report{
		Origin: cfg.Codec.Origin(), Fast: cfg.Fast, Signatures: map[KeyID]int{}, Kinds: map[string]int{}, Rulebooks: map[string]int{},
		Checked: []string{
			"envelope form", "signatures", "whose signatures count, by position", "payload type", "strict decoding", "one spelling", "place named by each payload",
			"revisions without gap", "predecessor hashes", "rising positions",
			"recorded times of a stream that do not run backwards",
		},
		NotChecked: []string{},
	}
	return v
}

// verification is one run: a reader cuts the ledger into chunks, workers
// check each event by itself, one goroutine checks the order.
type verification struct {
	cfg    VerifyConfig
	report Report
	heads  *Heads
	trust  *Trust
	// counted: the events are those of a whole store, whose positions may
	// leave gaps; their places in the log are counted.
	counted bool
}

type verifyJob struct {
	stored []Stored
	done   chan verifyResult
	err    error // of reading on after these events
}

type verifyResult struct {
	checked []checkedEvent
	err     error // of the event after the last checked
}

type checkedEvent struct {
	position Position
	stream   string
	key      headKey
	head     streamHead
	prev     Hash
	kind     domain.Kind
	rulebook string
	imported bool
	claim    claim
	role     domain.Role
	adopts   *domain.Recorded // when it says which rulebooks are adopted
	touches  []domain.Ref     // when somebody wants to know
}

func (v *verification) run(ctx context.Context, read func(context.Context) iter.Seq2[Stored, error]) error {
	workers := v.cfg.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	g, ctx := errgroup.WithContext(ctx)
	work := make(chan verifyJob, workers)
	inOrder := make(chan verifyJob, 2*workers)
	g.Go(func() error {
		defer close(work)
		defer close(inOrder)
		return readChunks(ctx, read(ctx), v.chunk(), work, inOrder)
	})
	for range workers {
		g.Go(func() error {
			var batch *batch
			for job := range work {
				if v.cfg.Fast && batch == nil {
					batch = newBatch(len(job.stored))
				}
				job.done <- v.check(job.stored, batch)
			}
			return nil
		})
	}
	g.Go(func() error {
		for job := range inOrder {
			select {
			case res := <-job.done:
				if err := v.chain(res); err != nil {
					return err
				}
				if job.err != nil {
					return job.err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// readChunks hands each chunk to the workers and, in order, to the one who
// checks the chain. A failure to read travels with the last chunk, so that
// an earlier failure is still the one reported. It returns an error only when
// ctx ended before all was handed on.
func readChunks(ctx context.Context, events iter.Seq2[Stored, error], size int, work, inOrder chan<- verifyJob) error {
	send := func(chunk []Stored, err error) error {
		job := verifyJob{chunk, make(chan verifyResult, 1), err}
		for _, to := range []chan<- verifyJob{inOrder, work} {
			select {
			case to <- job:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	var chunk []Stored // the first one grows: there may be few events in all
	bytes := 0
	for s, err := range events {
		if err != nil {
			return send(chunk, fmt.Errorf("read the events: %w", err))
		}
		chunk, bytes = append(chunk, s), bytes+len(s.Envelope)
		if len(chunk) == size || bytes >= chunkBytes {
			if err := send(chunk, nil); err != nil {
				return err
			}
			chunk, bytes = make([]Stored, 0, size), 0
		}
	}
	return send(chunk, ctx.Err())
}

func (v *verification) chunk() int {
	if v.cfg.Fast {
		return fastChunk
	}
	return verifyChunk
}

// check judges each event by itself, the signatures that a batch takes all
// together.
func (v *verification) check(chunk []Stored, batch *batch) verifyResult {
	var res verifyResult
	res.checked = make([]checkedEvent, 0, len(chunk))
	for _, s := range chunk {
		d, err := v.cfg.Codec.Decode(s)
		if err == nil && v.cfg.Codec.respelled(d) {
			err = &IntegrityError{s.Position, d.Stream, Revision(d.Revision), "payload is spelled otherwise than this ledger writes"}
		}
		var c claim
		if err == nil {
			c, err = v.signatures(d, batch)
		}
		if err != nil {
			res.err = err
			break
		}
		e := checkedEvent{
			position: s.Position, stream: d.Stream, key: headKeyOf(d.Stream), head: headOf(d), prev: d.PrevHash,
			kind: d.Event.Kind(), rulebook: d.Act.Rulebook, imported: d.Act.Imported(), claim: c, role: d.Act.Role,
		}
		if a := v.cfg.Authors; a != nil && a.Adopts(e.kind) {
			e.adopts = &d.Recorded
		}
		if v.cfg.Each != nil {
			e.touches = v.cfg.Codec.Refs(d.Recorded)
		}
		res.checked = append(res.checked, e)
	}
	if batch != nil && !batch.verify() {
		return v.check(chunk, nil) // to find the event that made it fail
	}
	return res
}

// signatures checks that the event's signatures fit, or leaves them to the
// batch.
func (v *verification) signatures(d Decoded, batch *batch) (claim, error) {
	if batch == nil {
		return v.trust.examine(d)
	}
	c, err := v.trust.claimOf(d)
	if err != nil || !batch.add(v.trust.ring.Load(), Envelope{d.Payload, d.Signatures}) {
		return v.trust.examine(d)
	}
	c.payload = nil
	return c, nil
}

// chain judges the order of events that are right by themselves.
func (v *verification) chain(res verifyResult) error {
	for _, e := range res.checked {
		fail := func(what string) error { return &IntegrityError{e.position, e.stream, e.head.revision, what} }
		if e.position <= v.report.LastPosition {
			return fail("positions do not rise")
		}
		last, place, ok, err := v.heads.find(e.key)
		switch {
		case err != nil:
			return err
		case !ok && v.cfg.Unanchored && e.head.revision > 0:
			last = streamHead{e.head.revision - 1, e.prev, e.head.recorded}
			v.report.Unanchored++
		case !ok:
			last = noHead
		}
		if what := last.misfit(e.head, e.prev); what != "" {
			return fail(what)
		}
		if v.counted {
			e.claim.at = Position(v.report.Events + 1)
		}
		if err := v.trust.admit(e.claim, e.head.hash); err != nil {
			return err
		}
		if v.cfg.Authors != nil {
			if err := v.author(e); err != nil {
				return err
			}
			if e.adopts != nil {
				v.cfg.Authors.Learn(*e.adopts)
			}
		}
		if v.cfg.Each != nil {
			if err := v.cfg.Each(e.position, e.touches); err != nil {
				return err
			}
		}
		if err := v.heads.put(e.key, e.head, place, !ok); err != nil {
			return err
		}
		v.report.LastPosition = e.position
		v.report.Events++
		v.report.Kinds[string(e.kind)]++
		v.report.Rulebooks[e.rulebook]++
		if e.imported {
			v.report.Imported++
		}
		for _, s := range e.claim.sigs {
			v.report.Signatures[s.KeyID]++
			if k := v.trust.keys[s.KeyID]; k != nil && k.Purpose == domain.KeyOfAuthor && e.claim.about != s.KeyID {
				v.report.Authored++
			}
		}
	}
	if v.cfg.Progress != nil && len(res.checked) > 0 {
		v.cfg.Progress(v.report.Events)
	}
	return res.err
}
