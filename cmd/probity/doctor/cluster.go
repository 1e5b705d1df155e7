package doctor

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
)

// inCluster tells whether events are in a KurrentDB.
func (p *Patient) inCluster() bool { return p.Store != "" && p.Store != house.StoreEmbedded }

// cluster connects to the KurrentDB as the server does: it must be reached,
// have a leader, let us read and write, and forget nothing.
func cluster(ctx context.Context, p *Patient, f *Findings) {
	if !p.inCluster() {
		return
	}
	said := &warnings{}
	store, err := kurrent.Open(ctx, kurrent.Options{URL: p.Store, Credentials: p.Credentials, Logger: slog.New(said)})
	if err != nil {
		mend := "look at store, store-ca and store-credentials-file in the settings, at the nodes, and at the network between (docs/kurrentdb.md)"
		if _, ok := errors.AsType[*ledger.IntegrityError](err); ok {
			mend = "stop writing, and find out who changed the streams of the ledger on the server (docs/kurrentdb.md)"
		}
		f.Fail(mend, err)
		return
	}
	defer store.Close()
	head, err := store.Head(ctx)
	if err != nil {
		f.Fail("", err)
		return
	}
	f.OK("%s has a leader, can be read and written, and forgets nothing; it ends at position %s", kurrent.Redact(p.Store), head)
	for _, text := range said.all() {
		f.Warn("see docs/kurrentdb.md", "%s", text)
	}
}

// warnings keeps what is logged as a warning or worse.
type warnings struct {
	mu    sync.Mutex // guards texts
	texts []string
}

func (w *warnings) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.texts
}

// Enabled implements [slog.Handler].
func (w *warnings) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

// Handle implements [slog.Handler].
func (w *warnings) Handle(_ context.Context, r slog.Record) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.texts = append(w.texts, r.Message)
	return nil
}

// WithAttrs implements [slog.Handler].
func (w *warnings) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup implements [slog.Handler].
func (w *warnings) WithGroup(string) slog.Handler { return w }
