package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/projections"
)

const (
	// hookRate is how many events are recorded in a second while webhooks are
	// sent, hookOfficers how many people they are about.
	hookRate     = 1000
	hookOfficers = 200

	hookName = "bench"
)

// receiver takes webhooks and notes how old they are.
type receiver struct {
	mu   sync.Mutex
	lags []time.Duration
	seen chan struct{} // one for each
}

func (r *receiver) ServeHTTP(_ http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	_, rest, _ := strings.Cut(string(body), `"time":"`)
	text, _, _ := strings.Cut(rest, `"`)
	recorded, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return
	}
	r.mu.Lock()
	r.lags = append(r.lags, time.Since(recorded))
	r.mu.Unlock()
	r.seen <- struct{}{}
}

// wait waits for so many and returns how old they were, sorted.
func (r *receiver) wait(ctx context.Context, n int) ([]time.Duration, error) {
	for i := range n {
		select {
		case <-r.seen:
		case <-time.After(time.Minute):
			return nil, fmt.Errorf("%d of %d messages came", i, n)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	lags := r.lags
	r.lags = nil
	slices.Sort(lags)
	return lags, nil
}

// webhooks measures how long after it was recorded an event is with a receiver
// on this machine, signed, its reading noted and its position kept, while
// events are recorded at a steady rate; and how fast a webhook catches up. The
// reference are plain POSTs of the same size to the same receiver, one after
// the other.
func (s *suite) webhooks(ctx context.Context) (err error) {
	r := &receiver{seen: make(chan struct{}, 1<<20)}
	base, stop, err := listen(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	dir, err := s.folder("webhooks")
	if err != nil {
		return err
	}
	h, err := house.Open(house.Config{Dir: dir, Write: true, PlainKey: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := s.staffHooks(ctx, h); err != nil {
		return err
	}
	if err := h.OpenViews(ctx, nil); err != nil {
		return err
	}
	keys, err := hooks.ParseKeys("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDk8Ly9nZgZqU=")
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if err := h.OpenHooks([]hooks.Hook{{Name: hookName, URL: base, Plain: true, Keys: keys, Role: domain.RoleHR,
		Units: []domain.UnitID{projections.AllUnits}, Kinds: []domain.Kind{"officer.training_completed.v1"}}}, log); err != nil {
		return err
	}
	running, end := context.WithCancel(ctx)
	g, running := errgroup.WithContext(running)
	for _, run := range []func(context.Context) error{
		func(ctx context.Context) error { return h.Views.Run(ctx, h.Store) }, h.Notary.Run, h.RunHooks,
		func(ctx context.Context) error { return h.RunReadings(ctx, log) },
	} {
		g.Go(func() error { return run(running) })
	}
	err = s.hookRounds(running, h, base, r)
	end()
	if bad := g.Wait(); err == nil && !errors.Is(bad, context.Canceled) {
		err = bad
	}
	return err
}

// staffHooks enrols the people.
func (s *suite) staffHooks(ctx context.Context, h *house.House) error {
	record := func(id string, c domain.Command) error {
		_, err := h.Recorder.Record(ctx, domain.Instruction{ID: "first", Command: c, Act: domain.Act{Subject: id, Actor: "hr-li", Role: domain.RoleHR}})
		return err
	}
	if err := record(string(headOffice), unit.Establish{UnitName: "海关", UnitKind: "agency"}); err != nil {
		return err
	}
	_, err := drive(ctx, clients, hookOfficers, func(_ context.Context, i int, step func(func() error) error) error {
		return step(func() error { return record(hookOfficer(i), officer.Enroll{FullName: "张伟", Unit: headOffice}) })
	})
	return err
}

func hookOfficer(i int) string { return fmt.Sprintf("P%03d", i%hookOfficers) }

func (s *suite) hookRounds(ctx context.Context, h *house.House, base string, r *receiver) error {
	events := hookRate * pick(s, 10, 3)
	body := []byte(nil)
	var lag, rawLag, catchUp, rawRate []float64
	keeper, _, done, err := house.HookKeeper(ctx, house.Config{Dir: h.Dir})
	if err != nil {
		return err
	}
	defer done()
	for found := false; !found; time.Sleep(10 * time.Millisecond) { // until it has begun
		if _, found, err = keeper.Load(ctx, hookName); err != nil {
			return err
		}
	}
	for round := range s.turns() {
		s.progress("round %d/%d: webhooks of %d events", round+1, s.turns(), events)
		from, err := h.Store.Head(ctx)
		if err != nil {
			return err
		}
		if err := paced(ctx, events, func(i int) error {
			_, err := h.Recorder.Record(ctx, domain.Instruction{ID: fmt.Sprint("train ", round, " ", i), Command: officer.CompleteTraining{Course: "law", Hours: 4},
				Act: domain.Act{Subject: hookOfficer(i), Actor: "hr-li", Role: domain.RoleHR}})
			return err
		}); err != nil {
			return err
		}
		lags, err := r.wait(ctx, events)
		if err != nil {
			return err
		}
		lag = append(lag, millis(percentile(lags, 99)))

		// All of them again, as fast as they go: from when the first comes.
		if err := keeper.Ask(ctx, hookName, hooks.Ask{Replay: new(from)}); err != nil {
			return err
		}
		if _, err := r.wait(ctx, 1); err != nil {
			return err
		}
		start := time.Now()
		if _, err := r.wait(ctx, events-1); err != nil {
			return err
		}
		catchUp = append(catchUp, float64(events-1)/time.Since(start).Seconds())

		if body == nil {
			body = bytes.Repeat([]byte("x"), 560) // beside the time, as the messages are
		}
		post := func(int) error { return postRaw(ctx, base, body) }
		if err := paced(ctx, events, post); err != nil {
			return err
		}
		if lags, err = r.wait(ctx, events); err != nil {
			return err
		}
		rawLag = append(rawLag, millis(percentile(lags, 99)))
		start = time.Now()
		for i := range events {
			if err := post(i); err != nil {
				return err
			}
		}
		if _, err := r.wait(ctx, events); err != nil {
			return err
		}
		rawRate = append(rawRate, float64(events)/time.Since(start).Seconds())
	}
	s.report.compare(fmt.Sprintf("webhook lag p99 at %s events/s", figure(hookRate)), "ms", lag, "plain POSTs at that rate", rawLag, below(1000))
	s.report.compare("webhook catching up", "events/s", catchUp, "plain POSTs one after the other", rawRate)
	return nil
}

// paced does so many things at the rate, up to sixteen at a time.
func paced(ctx context.Context, n int, do func(i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(clients)
	start := time.Now()
	for i := range n {
		if wait := time.Until(start.Add(time.Duration(i) * time.Second / hookRate)); wait > 0 {
			time.Sleep(wait)
		}
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { return do(i) })
	}
	return g.Wait()
}

// postRaw sends a body of about the size, with the time.
func postRaw(ctx context.Context, base string, filling []byte) error {
	body := fmt.Appendf(nil, `{"time":"%s","data":"%s"}`, time.Now().UTC().Format(time.RFC3339Nano), filling)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base, bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return firstError(err, res.Body.Close())
}
