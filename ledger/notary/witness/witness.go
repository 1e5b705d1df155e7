package witness

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/time/rate"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/folderlock"
	"github.com/probity-ledger/probity/ledger/notary"
)

// Log is a ledger whose checkpoints are cosigned.
type Log struct {
	// Name is for people.
	Name string
	// Origin is the first line of its checkpoints, Keys those that sign them.
	Origin string
	Keys   []note.Verifier
}

// Config is what a Witness works with. Key, Signer and Logs are required.
type Config struct {
	// Key is the public key under the witness' name, Signer its private half.
	Key    *notary.WitnessKey
	Signer *ledger.Signer
	// Logs are the ledgers.
	Logs []Log
	// PerSecond is how many requests of a ledger are answered in a second,
	// DefaultRate when 0; twice as many may come at once.
	PerSecond float64
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Logger is told of what happens; nobody when nil.
	Logger *slog.Logger
}

// DefaultRate is how many requests of one ledger are answered in a second.
const DefaultRate = 20

// Witness cosigns. Open it with [Open].
type Witness struct {
	cfg  Config
	dir  string
	lock *os.File
	logs []*record

	mu      sync.Mutex // guards what follows
	origins map[string]bool
	closed  bool

	// kept is for tests: called between keeping a checkpoint and answering.
	kept func()
}

// record is what is known of one ledger.
type record struct {
	log     Log
	limiter *rate.Limiter

	mu       sync.Mutex // guards what follows, and the order of its cosignatures
	state    state
	seen     time.Time // of the last checkpoint that was rightly signed
	cosigned int64     // since the start
	refused  map[string]int64
	evidence map[string]int
}

// Open opens the witness in dir and takes the folder for itself. The folder
// must have been made by [OpenSigner]; what it remembers must be whole.
func Open(dir string, cfg Config) (_ *Witness, err error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.PerSecond == 0 {
		cfg.PerSecond = DefaultRate
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	w := &Witness{cfg: cfg, dir: dir}
	if w.lock, err = folderlock.Take(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.lock.Close()
		}
	}()
	for _, d := range []string{ledgersDir, evidenceDir} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, fmt.Errorf("open the witness: %w", err)
		}
	}
	if err := w.loadOrigins(); err != nil {
		return nil, err
	}
	for _, l := range cfg.Logs {
		r := &record{log: l, limiter: rate.NewLimiter(rate.Limit(cfg.PerSecond), max(2*int(cfg.PerSecond), 2)), refused: map[string]int64{}}
		if r.state, err = w.loadState(l.Origin); err != nil {
			return nil, err
		}
		if r.evidence, err = w.countEvidence(l.Origin); err != nil {
			return nil, err
		}
		w.logs = append(w.logs, r)
	}
	return w, nil
}

// Close gives the folder back, once the requests under way are answered.
func (w *Witness) Close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	for _, r := range w.logs {
		r.mu.Lock()
		defer r.mu.Unlock()
	}
	return w.lock.Close()
}

// Add takes the body of an add-checkpoint request and returns the line of the
// cosignature. What is refused has an error of this package.
func (w *Witness) Add(body []byte) (string, error) {
	req, err := parseRequest(body)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	r := w.find(req.origin())
	if r == nil {
		return "", ErrUnknownLog
	}
	opened, err := note.Open(req.note, note.VerifierList(r.log.Keys...))
	if err != nil {
		r.refuse("unsigned")
		_, unverified := errors.AsType[*note.UnverifiedNoteError](err)
		if _, wrong := errors.AsType[*note.InvalidSignatureError](err); unverified || wrong {
			return "", ErrUnsigned
		}
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if !r.limiter.AllowN(w.cfg.Now(), 1) {
		r.refuse("too often")
		return "", ErrTooOften
	}
	c, err := torchwood.ParseCheckpoint(opened.Text)
	if err == nil && c.String() != opened.Text {
		err = errors.New("the checkpoint has another spelling")
	}
	if err == nil && req.old > c.N {
		err = errors.New("the old size is greater than that of the checkpoint")
	}
	if err != nil {
		r.refuse("malformed")
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return w.cosign(r, req, opened.Text, c.Tree)
}

func (w *Witness) find(origin string) *record {
	for _, r := range w.logs {
		if r.log.Origin == origin {
			return r
		}
	}
	return nil
}

// cosign judges a checkpoint that the ledger signed, keeps it and cosigns it.
func (w *Witness) cosign(r *record, req request, text string, tree tlog.Tree) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.mu.Lock()
	closed := w.closed
	w.mu.Unlock()
	if closed {
		return "", ErrClosed
	}
	now := w.cfg.Now()
	r.seen = now
	if kind, err := r.state.judge(req, tree); err != nil {
		return "", w.turnAway(r, kind, err, req, now)
	}
	next := state{tree.N, tree.Hash, req.note, r.state.after(now).Unix()}
	if now.Unix() < r.state.at {
		w.cfg.Logger.Warn("the clock went back; the time of the last cosignature stands", "ledger", r.log.Name, "clock", now.UTC(), "last", time.Unix(r.state.at, 0).UTC())
	}
	if err := w.keep(r.log.Origin, next); err != nil {
		w.cfg.Logger.Error("a checkpoint cannot be kept, and is not cosigned", "ledger", r.log.Name, "err", err)
		return "", err
	}
	grew := tree.N - r.state.size
	r.state = next
	if w.kept != nil {
		w.kept()
	}
	line, err := w.cfg.Key.Cosign(text, w.cfg.Signer, time.Unix(next.at, 0))
	if err != nil {
		return "", err
	}
	r.cosigned++
	w.cfg.Logger.Debug("cosigned", "ledger", r.log.Name, "size", tree.N, "new", grew)
	return line, nil
}

// judge tells whether a tree may be cosigned after this state. Where not, kind
// says what it is evidence of, if of anything.
func (s state) judge(req request, tree tlog.Tree) (kind string, err error) {
	known := s.note != nil
	switch {
	case known && tree.N == s.size && tree.Hash != s.root:
		return kindFork, ErrFork
	case known && tree.N < s.size:
		return kindBack, &ConflictError{s.size}
	case req.old != s.size:
		return "", &ConflictError{s.size}
	case tree.N == s.size || s.size == 0:
		if len(req.proof) > 0 {
			return "", fmt.Errorf("%w: nothing is to be proved here, and %d hashes are sent", ErrProof, len(req.proof))
		}
		if empty, bad := tlog.TreeHash(0, nil); tree.N == 0 && (bad != nil || tree.Hash != empty) {
			return "", fmt.Errorf("%w: the root hash is not that of the empty tree", ErrProof)
		}
		return "", nil
	}
	if err := tlog.CheckTree(req.proof, tree.N, tree.Hash, s.size, s.root); err != nil {
		return kindUnproved, ErrProof
	}
	return "", nil
}

// turnAway counts a refusal and keeps its evidence.
func (w *Witness) turnAway(r *record, kind string, err error, req request, now time.Time) error {
	name := kind
	if kind == "" {
		name = "other size"
		if errors.Is(err, ErrProof) {
			name = "malformed"
		}
	}
	r.refused[name]++
	if kind == "" {
		return err
	}
	fresh, bad := w.keepEvidence(r, kind, req, now)
	if bad != nil {
		w.cfg.Logger.Error("evidence cannot be kept", "ledger", r.log.Name, "kind", kind, "err", bad)
	}
	if fresh {
		w.cfg.Logger.Warn("refused what the ledger's own key signed; both checkpoints are kept as evidence", "ledger", r.log.Name, "kind", kind, "why", err)
	}
	return err
}

func (r *record) refuse(why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused[why]++
}
