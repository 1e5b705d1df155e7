package house

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
)

// DefaultRulebook is what a ledger lives by that has adopted none: cn-2024 as
// shipped.
const DefaultRulebook = "cn-2024"

// Books are the rulebooks of a ledger: what its rulebook events say, and the
// files they name by digest. They are safe for concurrent use; asking which
// rulebook is in force waits for nobody.
type Books struct {
	files   bookFiles
	base    *domain.Rulebook
	digest  string // of base
	shelf   atomic.Pointer[domain.Shelf]
	mu      sync.Mutex // guards all below
	all     rulebook.Adoptions
	known   map[domain.EventID]bool
	history []enacted
}

// enacted is what was in force by all that was recorded up to a moment.
type enacted struct {
	at    time.Time
	shelf *domain.Shelf
}

// newBooks are those of a ledger without adoptions, whose files lie in dir.
func newBooks(dir string) (*Books, error) {
	raw, err := rulebooks.Source(DefaultRulebook)
	if err != nil {
		return nil, err
	}
	b := &Books{files: bookFiles{dir: dir, open: map[string]*domain.Rulebook{}}, base: domain.CN2024(), digest: rulebooks.Digest(raw), known: map[domain.EventID]bool{}}
	first := domain.ShelfOf(b.base)
	b.shelf.Store(first)
	b.history = []enacted{{shelf: first}}
	return b, nil
}

// load takes in what the ledger says of rulebooks, and finds their files. It
// reads the streams of rulebooks alone, however large the ledger.
func (b *Books) load(ctx context.Context, store Store, codec *ledger.Codec) error {
	streams, err := store.Streams(ctx, domain.Ref{Type: rulebook.Room.Name}.Stream())
	if err != nil {
		return err
	}
	var events []ledger.Decoded
	for _, stream := range streams {
		for s, err := range store.ReadStream(ctx, stream, 0) {
			if err != nil {
				return err
			}
			d, err := codec.Decode(s)
			if err != nil {
				return err
			}
			events = append(events, d)
		}
	}
	slices.SortFunc(events, func(x, y ledger.Decoded) int { return cmp.Compare(x.Position, y.Position) })
	for _, d := range events {
		if err := b.learn(d.Recorded); err != nil {
			return err
		}
	}
	return nil
}

// learn folds an event, once.
func (b *Books) learn(r domain.Recorded) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known[r.ID] || !b.all.Apply(r) {
		return nil
	}
	b.known[r.ID] = true
	shelf, err := b.all.Shelf(b.base, b.files.adopted)
	if err != nil {
		return err
	}
	b.history = append(b.history, enacted{r.Act.RecordedAt, shelf})
	b.shelf.Store(shelf)
	return nil
}

// At returns the rulebook in force at the moment, by all that is adopted.
func (b *Books) At(now time.Time) *domain.Rulebook { return b.Shelf().At(now) }

// Shelf holds all that is adopted by now.
func (b *Books) Shelf() *domain.Shelf { return b.shelf.Load() }

// Default is what the ledger lives by before it adopts any rulebook, and the
// digest of its file.
func (b *Books) Default() (*domain.Rulebook, string) { return b.base, b.digest }

// Open returns an adopted rulebook.
func (b *Books) Open(p rulebook.Period) (*domain.Rulebook, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.files.adopted(p)
}

// Periods lists what the agency lives by from its first adoption on, each
// period with its rulebook, version and digest.
func (b *Books) Periods() []rulebook.Period {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Periods()
}

// rulemaking ties the room of rulebooks to the files of this house.
func (b *Books) rulemaking() *ledger.Rulemaking {
	return &ledger.Rulemaking{Room: rulebook.Room.Name, Admit: b.admit, Enacted: b.enact, Then: b.then}
}

// enact takes in what was recorded.
func (b *Books) enact(events []domain.Recorded) {
	for _, e := range events {
		if err := b.learn(e); err != nil {
			// Every file was opened when its adoption was admitted, and is kept.
			panic(fmt.Sprintf("house: a recorded adoption cannot be followed: %v", err))
		}
	}
}

// then returns the rulebook that decided what was recorded at the time: by
// what was recorded before it.
func (b *Books) then(recorded time.Time) *domain.Rulebook {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range slices.Backward(b.history) {
		if e.at.Before(recorded) {
			return e.shelf.At(recorded)
		}
	}
	return nil
}

// admit refuses to put in force what this house cannot decide by, and what
// would change the rules of days that are past.
func (b *Books) admit(act domain.Act, decided []domain.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range decided {
		var err error
		switch e := e.(type) {
		case rulebook.Adopted:
			if err = b.admitDays(act, e); err == nil {
				err = b.admitFile(act.Subject, e.Version, e.Digest)
			}
		case rulebook.Amended: // the room refuses past days
			err = b.admitFile(act.Subject, e.Version, e.Digest)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// admitFile refuses a digest whose file is not here, does not parse, or holds
// another rulebook than the command says.
func (b *Books) admitFile(id, version, digest string) error {
	if id == b.base.ID && version == b.base.Version && digest != b.digest {
		return domain.Refuse(domain.CodeConflict, "version", "version %s of %s is the one that comes with the program, %s; give yours a version of its own", version, id, b.digest)
	}
	book, err := b.files.find(digest)
	if errors.Is(err, errNoFile) {
		return domain.Refuse(domain.CodeIncomplete, "digest", "there is no rulebook file of the digest %s here; put it into the folder %s of the data folder, and compare with what 'probity doctor' prints", digest, rulebooksDir)
	}
	if mistake, ok := errors.AsType[*rulebooks.Error](err); ok {
		return domain.Refuse(domain.CodeInvalid, "digest", "its file cannot be lived by: %v", mistake)
	}
	switch {
	case err != nil:
		return err
	case book.ID != id:
		return domain.Refuse(domain.CodeInvalid, "subject", "the file of this digest holds the rulebook %s", book.ID)
	case book.Version != version:
		return domain.Refuse(domain.CodeInvalid, "version", "the file of this digest holds version %s", book.Version)
	}
	return b.files.keep(id, version, digest)
}

// admitDays refuses to adopt a rulebook for days that are past and for which
// another was adopted. The first one may say what the agency lived by before.
func (b *Books) admitDays(act domain.Act, e rulebook.Adopted) error {
	today := b.Shelf().Day(act.RecordedAt)
	for _, p := range b.all.Adopted() {
		last := today.AddDays(-1) // of the days that are past and in force
		for _, to := range []domain.Date{p.To, e.ValidTo} {
			if !to.IsZero() && to.Before(last) {
				last = to
			}
		}
		if string(p.Rulebook) != act.Subject && !last.Before(e.ValidFrom) && !last.Before(p.From) {
			return domain.Refuse(domain.CodeTooLate, "validFrom", "on %s the rulebook %s was in force, and rules are not changed for days that are past; adopt it from %s at the earliest", last, p.Rulebook, today)
		}
	}
	return nil
}
