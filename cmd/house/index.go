package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
	"github.com/probity-ledger/probity/projections"
)

// indexDir is the folder of the index within that of the log.
const indexDir = "index"

// openIndex opens the index of the log where it is not open yet; it stays
// nil where the folder was opened for reading and nothing was signed.
func (h *House) openIndex() error {
	h.opening.Lock()
	defer h.opening.Unlock()
	if h.index != nil || h.Notary == nil {
		return nil
	}
	var err error
	// A server beside us may sign on between our looks at log and index.
	for range 5 {
		h.index, err = index.Open(filepath.Join(h.Dir, LogDir, indexDir), index.Config{
			Store: h.Store, Notary: h.Notary, Codec: h.Codec, Signer: h.logSigner, Trust: h.Trust})
		if !errors.Is(err, notary.ErrNotCovered) || h.logSigner != nil {
			break
		}
		if err := errors.Join(h.Notary.Close(), h.openLog(Config{}, nil)); err != nil {
			return err
		}
	}
	if errors.Is(err, index.ErrNoIndex) && h.logSigner == nil {
		return nil
	}
	return err
}

// RunIndex signs the index along with the checkpoints of the log, until ctx
// ends.
func (h *House) RunIndex(ctx context.Context) error {
	if err := h.openIndex(); err != nil {
		return err
	}
	return h.index.Run(ctx)
}

// closeIndex signs the index over the log's last checkpoint and closes it. It
// is not signed ahead of what witnesses confirmed.
func (h *House) closeIndex(ctx context.Context) error {
	var err error
	if h.Recorder != nil && h.replica == nil && !h.Notary.Apart() {
		if err = h.openIndex(); err == nil {
			err = h.index.CatchUp(ctx)
		}
	}
	if h.index == nil {
		return err
	}
	return errors.Join(err, h.index.Close())
}

// exportIndex writes the signed index into a copy of the log, and returns how
// many files that were.
func (h *House) exportIndex(dir string) (int, error) {
	if h.index == nil {
		return 0, index.Drop(dir)
	}
	return h.index.Export(dir)
}

// Proof names whose file is proved and for whom.
type Proof struct {
	Subject domain.Ref
	// Auditor asks. A proof counts also what is not shown, so that no other
	// role draws one.
	Auditor projections.Principal
	// Recipient is for whom it is: what they may not see is counted, but not
	// shown.
	Recipient projections.Principal
}

var (
	// ErrNotAuditor: another role asks for the proof of a file.
	ErrNotAuditor = errors.New("only an auditor draws the proof of a file: it tells how many events there are, also of those that are not shown")

	// ErrViewsBehind: the views do not show yet what the proof covers.
	ErrViewsBehind = errors.New("the views do not show yet all that the proof covers")
)

// ProveFile returns the whole file of a subject with its proof. The views
// must be open. An auditor of some units gets the files of their officers;
// one of the whole ledger gets any, also the proof that nothing is there.
func (h *House) ProveFile(ctx context.Context, p Proof) (*index.File, error) {
	if p.Auditor.Role != domain.RoleAuditor {
		return nil, ErrNotAuditor
	}
	if err := h.openIndex(); err != nil {
		return nil, err
	}
	if h.index == nil {
		return nil, index.ErrNoIndex
	}
	if err := h.viewsCover(ctx); err != nil {
		return nil, err
	}
	readers := []*projections.Reader{h.Views.As(p.Auditor), h.Views.As(p.Recipient)}
	for _, r := range readers {
		if err := mayHave(ctx, r, p.Subject); err != nil {
			return nil, err
		}
	}
	return h.index.File(ctx, index.Ask{Subject: p.Subject, Rooms: projections.FileRooms(), Open: func(ctx context.Context, ids []domain.EventID) (map[domain.EventID]bool, error) {
		return openTo(ctx, readers, ids)
	}})
}

// fileProof is ProveFile for who asks through GraphQL; nothing where no index
// is signed yet.
func (h *House) fileProof(ctx context.Context, auditor projections.Principal, subject domain.Ref) ([]byte, error) {
	f, err := h.ProveFile(ctx, Proof{Subject: subject, Auditor: auditor, Recipient: auditor})
	switch {
	case errors.Is(err, index.ErrNoIndex):
		return nil, nil
	case errors.Is(err, index.ErrNothingToSee), errors.Is(err, ErrViewsBehind):
		return nil, domain.Refuse(domain.CodeState, "proof", "%v", err)
	case err != nil:
		return nil, err
	}
	return f.Marshal()
}

// viewsCover checks that the views have all that the index covers: what they
// lack would look like what may not be seen.
func (h *House) viewsCover(ctx context.Context) error {
	root, ok := h.index.Head()
	if !ok || root.Size == 0 {
		return nil
	}
	last, err := h.Notary.PositionAt(root.Size - 1)
	if err != nil {
		return err
	}
	at, err := h.Views.Position(ctx)
	if err == nil && at < last {
		err = ErrViewsBehind
	}
	return err
}

// mayHave checks that the reader may have the file of the subject at all.
func mayHave(ctx context.Context, r *projections.Reader, subject domain.Ref) error {
	if who := r.Principal(); who.Role == domain.RoleAuditor && (len(who.Units) == 0 || slices.Contains(who.Units, projections.AllUnits)) {
		return nil
	}
	if subject.Type == officer.Room.Name {
		file, err := r.RecordFile(ctx, domain.OfficerID(subject.ID), projections.AsOf{})
		if err != nil || file != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %s", index.ErrNothingToSee, index.SpellRef(subject))
}

// askAtOnce is how many events a reader is asked for at once.
const askAtOnce = 500

// openTo tells which events all of the readers see.
func openTo(ctx context.Context, readers []*projections.Reader, ids []domain.EventID) (map[domain.EventID]bool, error) {
	seen := map[domain.EventID]int{}
	for _, r := range readers {
		for some := range slices.Chunk(ids, askAtOnce) {
			events, err := r.EventsByID(ctx, some)
			if err != nil {
				return nil, err
			}
			for id, e := range events {
				if !e.Veiled { // the envelope tells more
					seen[id]++
				}
			}
		}
	}
	open := map[domain.EventID]bool{}
	for id, n := range seen {
		open[id] = n == len(readers)
	}
	return open, nil
}

// RebuildIndex makes the index of the log anew from the ledger. Nobody may be
// recording. The log must have been rebuilt before.
func (h *House) RebuildIndex() (index.Root, error) {
	keys, err := h.logKeys()
	if err != nil {
		return index.Root{}, err
	}
	n, err := notary.Open(filepath.Join(h.Dir, LogDir), notary.Config{Store: h.Store, Origin: h.Codec.Origin(), Keys: keys})
	if err != nil {
		return index.Root{}, err
	}
	root, err := index.Rebuild(filepath.Join(h.Dir, LogDir, indexDir), index.Config{Store: h.Store, Notary: n, Codec: h.Codec, Trust: h.Trust})
	return root, errors.Join(asSigned(err), n.Close())
}

// CheckIndex begins the check of the signed index; nil where none is signed.
func (h *House) CheckIndex() (*index.Check, error) {
	if h.Notary == nil {
		return nil, nil
	}
	c, err := index.CheckOf(filepath.Join(h.Dir, LogDir, indexDir))
	if errors.Is(err, index.ErrNoIndex) {
		return nil, nil
	}
	return c, asSigned(err)
}

// indexFile serves a file of the index as a copy has it.
func (h *House) indexFile(name string, report func(error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := os.ReadFile(filepath.Join(h.Dir, LogDir, indexDir, name))
		if errors.Is(err, fs.ErrNotExist) {
			http.NotFound(w, r)
			return
		}
		if err != nil {
			report(err)
			http.Error(w, "the index cannot be read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(raw) // whoever went away needs no answer
	})
}
