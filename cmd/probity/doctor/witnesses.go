package doctor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/probity-ledger/probity/ledger/notary"
)

// witnesses says how the log's witnesses answer the server, and whether those
// of the settings are reached from here.
func witnesses(ctx context.Context, p *Patient, f *Findings) {
	for _, w := range p.Witnesses {
		p.reach(ctx, f, w)
	}
	h := p.open(ctx, f)
	if h == nil || h.Notary == nil {
		return
	}
	w, ok := h.Notary.Witnessing()
	if !ok {
		return
	}
	for _, s := range w.Witnesses {
		f.answers(s)
	}
	f.About("quorum")
	text := fmt.Sprintf("%d of a quorum of %d confirmed the published checkpoint over %d events", w.Cosigned, w.Quorum, w.Published)
	rest := w.Signed - w.Published
	if rest > 0 {
		text += fmt.Sprintf("; %d more are signed and not published yet", rest)
	}
	if w.Cosigned < w.Quorum || rest > 0 {
		f.Warn("a running server asks the witnesses again by itself", "%s", text)
		return
	}
	f.OK("%s", text)
}

// answers says how one witness answered the server last.
func (f *Findings) answers(s notary.WitnessStatus) {
	since := ""
	if s.FailingSince != nil {
		since = " since " + s.FailingSince.UTC().Format(time.RFC3339)
	}
	switch {
	case s.OtherHistory:
		f.Fail("was an old backup put back? put the newest data folder back, and ask the overseer for the evidence", fmt.Errorf("%s refuses this log%s: %s", s.Name, since, s.Failing))
	case s.Failing != "":
		f.Warn("ask whoever runs it; the server tries again by itself", "%s does not answer well%s: %s", s.Name, since, s.Failing)
	case s.CosignedAt == nil:
		f.Warn("'probity serve' asks it", "%s has not cosigned yet", s.Name)
	default:
		f.OK("%s cosigned %d events at %s", s.Name, s.Size, s.CosignedAt.UTC().Format(time.RFC3339))
	}
}

// reach asks whether anybody answers at the address of a witness. What it
// says to an empty question is its own affair.
func (p *Patient) reach(ctx context.Context, f *Findings, w notary.Witness) {
	if _, _, err := dateOf(ctx, http.DefaultClient, w.URL); err != nil {
		f.Fail("look at its address in the settings, and at the network between; appends do not wait for it, what is published does", fmt.Errorf("%s is not reached: %w", w.Key.Name(), err))
		return
	}
	f.OK("%s is reached", w.Key.Name())
}

// dateOf asks for an address, and returns the answer's date and how much that
// may be wrong: half of the time the answer took, and half a second.
func dateOf(ctx context.Context, client *http.Client, url string) (date time.Time, within time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return date, 0, err
	}
	start := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return date, 0, err
	}
	took := time.Since(start)
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	res.Body.Close()
	said, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return date, 0, nil // it has none
	}
	// Truncated to seconds, as of some time between question and answer.
	return said.Add(500 * time.Millisecond).Add(took / 2), took/2 + 500*time.Millisecond, nil
}
