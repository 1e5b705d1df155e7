package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// RecorderConfig is what a Recorder works with. Store, Signer, Codec, Book
// and Now are required.
type RecorderConfig struct {
	Store  Store
	Signer *Signer
	Codec  *Codec
	// Book tells the rulebook in force, asked anew for every command. A
	// *domain.Rulebook is in force always, a *domain.Shelf has its days.
	Book Books
	// Rulemaking, when set, is the room whose events change what Book tells.
	Rulemaking *Rulemaking
	// Locks, when set, keep streams still across all processes that record
	// into the store. Nil: this process alone writes. See Locks for what they
	// hold, and docs/replicas.md for what stays open when they are lost.
	Locks Locks
	// InUse, when set, names keys beside Signer that nothing recorded here may
	// end while they are in use: that of the log's checkpoints.
	InUse func(KeyID) bool
	// Reactions are carried out within the same call, right after the event
	// they follow from.
	Reactions []domain.Reaction
	// Now is the clock that says when events are recorded.
	Now func() time.Time
	// CachedEvents bounds the cache of states, counted in events folded into
	// them; 100,000 when zero.
	CachedEvents int
	// ReactionRefused, when set, is told of a reaction that a rule refused,
	// each time its cause is followed: also when the instruction of the cause
	// is repeated, and by CatchUp.
	ReactionRefused func(cause domain.Recorded, in domain.Instruction, err error)
}

// Recorder is the one way into the ledger: it loads the state, lets the
// command decide, signs what follows and appends it.
//
// It is safe for concurrent use. Commands on one stream are handled one
// after another, commands on different streams in parallel; the store groups
// their appends. A command that must see other aggregates (domain.Seer) keeps
// their streams still as well, so that no rule is broken by two commands at
// the same time. Where other processes record into the store it holds the
// streams across all of them (RecorderConfig.Locks). A race lost to another
// process is answered by loading and deciding again. An instruction that was
// recorded before is not carried out again: its first result is returned. An
// id that was used on the stream for another instruction is refused (imports
// excepted: the first record wins).
//
// A command is decided by the rulebook in force when it is recorded, whenever
// its act is said to have occurred: nobody picks the rules by a date. It has
// one rulebook throughout. Where the day of the deed counts, the room asks
// that rulebook for the one of the day (domain.Rulebook.On).
//
// The times at which the events of a stream are recorded never run backwards,
// and no effect is recorded before its cause: where the clock runs behind,
// the time of the event before is kept.
//
// Errors: *domain.Refusal when the command is not allowed (nothing was
// recorded), the store's sentinels, *IntegrityError.
type Recorder struct {
	cfg   RecorderConfig
	cache *stateCache
	react map[domain.Kind][]domain.Reaction

	underWay  underWay
	law       sync.RWMutex // see Rulemaking
	rulesSeen *rulesSeen
}

// NewRecorder makes a recorder.
func NewRecorder(cfg RecorderConfig) *Recorder {
	if cfg.CachedEvents == 0 {
		cfg.CachedEvents = 100_000
	}
	r := &Recorder{cfg: cfg, cache: newStateCache(cfg.CachedEvents), react: map[domain.Kind][]domain.Reaction{}, rulesSeen: newRulesSeen()}
	for _, re := range cfg.Reactions {
		r.react[re.On] = append(r.react[re.On], re)
	}
	return r
}

// WithSigner makes a recorder that goes on with another key of the ledger.
// Nobody may record with the old one any more.
func (r *Recorder) WithSigner(s *Signer) *Recorder {
	cfg := r.cfg
	cfg.Signer = s
	return NewRecorder(cfg)
}

// Signer returns the key with which the ledger signs.
func (r *Recorder) Signer() *Signer { return r.cfg.Signer }

// Receipt tells what an instruction became.
type Receipt struct {
	// Stream is where the events lie.
	Stream string
	// Events are the ids of the events, in order; the last lies at Revision.
	Events   []domain.EventID
	Revision Revision
	// Kinds are the kinds of Events, one each.
	Kinds []domain.Kind
	// Position of the last event.
	Position Position
	// Repeated: the instruction was recorded before, nothing was added.
	Repeated bool
	// Followed are the events that followed by reaction, in the order in which
	// they did; Settled is the position of whichever of all lies last.
	Followed []domain.EventID
	Settled  Position
}

// add takes in what followed from the receipt's events.
func (r *Receipt) add(followed Receipt) {
	r.Followed = append(append(r.Followed, followed.Events...), followed.Followed...)
	r.Settled = max(r.Settled, followed.Settled)
}

// attempts bounds how often a lost race or an unknown outcome is retried.
const attempts = 8

// Record carries out an instruction and whatever follows from it by reaction.
// When it returns nil, its events are durable. When a reaction fails (not:
// when a rule refuses it) the receipt tells what is recorded all the same;
// repeating the instruction takes the reactions up again. The instruction's
// RecordedAt and Rulebook are ignored; a zero OccurredAt means now.
func (r *Recorder) Record(ctx context.Context, in domain.Instruction) (Receipt, error) {
	if err := checkInstruction(in); err != nil {
		return Receipt{}, err
	}
	in.Act.RecordedAt = time.Time{}
	return r.recordSettled(ctx, in, nil)
}

func (r *Recorder) recordSettled(ctx context.Context, in domain.Instruction, w *warrant) (Receipt, error) {
	gen, settled := r.underWay.begin(), false
	defer func() { r.underWay.end(gen, settled) }()
	receipt, err := r.record(ctx, in, 0, w)
	// An error with a receipt means: recorded, but what follows is not; an
	// unknown outcome may mean the same.
	settled = err == nil || receipt.Stream == "" && !errors.Is(err, ErrUnknownOutcome)
	return receipt, err
}

func (r *Recorder) record(ctx context.Context, in domain.Instruction, depth int, w *warrant) (Receipt, error) {
	room := r.cfg.Codec.catalog.Room(in.Command.Name().Room())
	if room == nil {
		return Receipt{}, domain.Refuse(domain.CodeInvalid, "command", "there is no command %q", in.Command.Name())
	}
	if err := domain.CheckID("subject", in.Act.Subject); err != nil {
		return Receipt{}, err
	}
	stream := domain.Ref{Type: room.Name, ID: in.Act.Subject}.Stream()
	events, receipt, err := r.decideAndAppend(ctx, room, stream, in, w)
	if err != nil {
		return receipt, err
	}
	for _, e := range events {
		if err := r.follow(ctx, e, depth, &receipt); err != nil {
			return receipt, err
		}
	}
	return receipt, nil
}

// stamp completes the act: when it is recorded and under which rulebook,
// which it returns as well. A RecordedAt that is set is that of the cause.
func (r *Recorder) stamp(entry *stateEntry, act domain.Act) (domain.Act, *domain.Rulebook) {
	now := r.cfg.Now().UTC().Truncate(time.Microsecond)
	if now.Before(act.RecordedAt) {
		now = act.RecordedAt
	}
	if entry.head.revision > NoStream && now.UnixMicro() < entry.head.recorded {
		now = time.UnixMicro(entry.head.recorded).UTC()
	}
	book := r.cfg.Book.At(now)
	act.RecordedAt, act.Rulebook = now, book.Edition()
	if act.OccurredAt.IsZero() {
		act.OccurredAt = now
	}
	act.OccurredAt = act.OccurredAt.UTC().Truncate(time.Microsecond)
	return act, book
}

// seal encodes and signs what was decided. It returns the events, their
// entries and the hash of the last payload.
func (r *Recorder) seal(entry *stateEntry, stream, instruction string, act domain.Act, book *domain.Rulebook, decided []domain.Event, w *warrant) ([]domain.Recorded, []Entry, Hash, error) {
	if len(decided) > MaxAppend {
		return nil, nil, Hash{}, fmt.Errorf("%w: an instruction decided %d events, at most %d are allowed", ErrTooLarge, len(decided), MaxAppend)
	}
	sight := act.Sees
	act.Sees = nil
	events := make([]domain.Recorded, len(decided))
	entries := make([]Entry, len(decided))
	payloads := make([][]byte, len(decided))
	prev := entry.head.hash
	for i, e := range decided {
		id := EventIDOf(stream, instruction, i)
		events[i] = domain.Recorded{ID: domain.EventID(id.String()), Stream: stream, Revision: int64(entry.head.revision) + 1 + int64(i), Act: act, Event: e}
		payload, err := r.cfg.Codec.Encode(events[i], prev)
		if err != nil {
			return nil, nil, Hash{}, err
		}
		prev = HashPayload(payload)
		entries[i].ID, payloads[i] = id, payload
	}
	if err := w.hold(entry.head.revision, act, events, payloads, book); err != nil {
		return nil, nil, Hash{}, err
	}
	for i, payload := range payloads {
		others, err := r.authored(w, i, events[i], payload, book, sight)
		if err != nil {
			return nil, nil, Hash{}, err
		}
		entries[i].Envelope, err = sealWith(payload, others, r.cfg.Signer)
		if errors.Is(err, ErrTooLarge) {
			return nil, nil, Hash{}, domain.Refuse(domain.CodeInvalid, "data", "%v", err)
		}
		if err != nil {
			return nil, nil, Hash{}, err
		}
	}
	return events, entries, prev, nil
}
