package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// canBeOpened opens the data folder for reading, as every verb does.
func canBeOpened(ctx context.Context, p *Patient, f *Findings) {
	if _, err := p.ledger(ctx); err != nil {
		f.Fail("", err)
		return
	}
	f.OK("can be opened")
}

// head looks at the end of the ledger.
func head(ctx context.Context, p *Patient, f *Findings) {
	h := p.open(ctx, f)
	if h == nil {
		return
	}
	if store, ok := h.Store.(interface{ CheckHead(context.Context) error }); ok {
		if err := store.CheckHead(ctx); err != nil {
			f.Fail("", err)
			return
		}
	}
	at, err := h.Store.Head(ctx)
	if err != nil {
		f.Fail("", err)
		return
	}
	text := "position " + at.String()
	if store, ok := h.Store.(interface {
		Events(context.Context) (int64, error)
	}); ok {
		events, err := store.Events(ctx)
		if err != nil {
			f.Fail("", err)
			return
		}
		text += fmt.Sprintf(", %d events", events)
	}
	f.OK("%s", text)
	if at == ledger.Start {
		return
	}
	f.About("last event")
	last, _, err := h.Store.Last(ctx)
	if err == nil {
		err = h.CheckEvent(last)
	}
	if err != nil {
		f.Fail("", err)
		return
	}
	f.OK("signed and in its place")
}

// rulebooks tells by which rulebooks the ledger lives, and which files there
// are to adopt.
func rulebooks(ctx context.Context, p *Patient, f *Findings) {
	h := p.open(ctx, f)
	if h == nil {
		return
	}
	if h.NoBooks != nil {
		f.Fail("", h.NoBooks)
	} else {
		now := h.Books.At(p.Now())
		f.OK("%s, version %s, is in force", now.ID, now.Version)
		base, _ := h.Books.Default()
		f.Note("before any adoption: %s, version %s, as shipped", base.ID, base.Version)
		for _, period := range h.Books.Periods() {
			until := "on"
			if !period.To.IsZero() {
				until = "to " + period.To.String()
			}
			f.Note("from %s %s: %s, version %s, %s", period.From, until, period.Rulebook, period.Version.Version, period.Digest)
		}
	}
	files, err := h.Books.Files()
	if err != nil {
		f.Fail("", err)
	}
	for _, file := range files {
		name := "shipped"
		if file.Path != "" {
			name = file.Path
		}
		if file.Err != nil {
			f.Fail("mend the file or take it out of the folder; an adopted one must be put back as it was", file.Err)
			continue
		}
		f.Note("%s: %s, version %s, %s", name, file.Book.ID, file.Book.Version, file.Digest)
	}
}

// staleAfter is how long an event waits for a running server's checkpoint, at
// most.
const staleAfter = 5 * time.Minute

// checkpoints looks at the last checkpoint of the log.
func checkpoints(ctx context.Context, p *Patient, f *Findings) {
	h := p.open(ctx, f)
	if h == nil {
		return
	}
	if h.Notary == nil {
		f.Warn("'probity serve' signs as soon as it runs", "no checkpoint is signed yet")
		return
	}
	signed, _ := h.Notary.Signed()
	at, err := h.Store.Head(ctx)
	if err != nil {
		f.Fail("", err)
		return
	}
	if signed.Position >= at {
		f.OK("the last checkpoint covers all %d events", signed.Size)
		return
	}
	first, err := h.RecordedAfter(ctx, signed.Position)
	if err != nil {
		f.Fail("", err)
		return
	}
	waits, mend := p.Now().Sub(first), "a running server signs the rest by itself"
	if waits > staleAfter {
		mend = "start the server; if it runs, its log says why it signs nothing"
	}
	f.Warn(mend, "the last checkpoint covers position %s of %s; the first event after it was recorded %s ago", signed.Position, at, waits.Round(time.Second))
}

// views looks whether the views can be read, and how far they are behind.
func views(ctx context.Context, p *Patient, f *Findings) {
	if !p.postgresAnswers(ctx) { // who opens them would wait for it
		f.NotRun("PostgreSQL is not reached, and it keeps the views")
		return
	}
	h := p.open(ctx, f)
	if h == nil {
		return
	}
	opts := h.ViewOptions()
	opts.ReadOnly = true
	v, err := projections.Open(h.Dir, h.Codec, opts)
	if err != nil {
		f.Warn("they are built on the next start, or by 'probity rebuild'", "%v", err)
		return
	}
	defer v.Close()
	at, err := v.Position(ctx)
	if err != nil {
		f.Fail("", err)
		return
	}
	end, err := h.Store.Head(ctx)
	switch {
	case err != nil:
		f.Fail("", err)
	case at < end:
		f.Warn("a running server catches up by itself", "at position %s of %s", at, end)
	default:
		f.OK("up to date at position %s, of the form of this version", at)
	}
}
