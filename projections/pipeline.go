package projections

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// groupEvents is the most events one transaction applies while the views
	// are in use: enough to spread its cost, few enough that readers wait
	// milliseconds only for what they wait for.
	groupEvents = 500

	// ahead bounds the groups that are decoded ahead of the writer.
	ahead = 3
)

// group is a stretch of events on its way from the store to the writer.
type group struct {
	stored []ledger.Stored
	events []prepared
	err    error
	done   chan struct{} // closed when decoded
}

// source opens a sequence of events that ends with ctx.
type source func(ctx context.Context) iter.Seq2[ledger.Stored, error]

// pipe reads events from the source, decodes them on all cores, and hands
// them on in order. Whatever waits is handed on together, up to the size of
// a group; live, a group is what came while the last one was applied. It
// returns when the sequence has ended, with its error or that of apply.
//
// Nothing it started runs on when it returns.
func pipe(ctx context.Context, codec *ledger.Codec, read source, apply func([]prepared) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()

	raw := make(chan ledger.Stored, groupEvents)
	var readErr error // set before raw is closed
	running.Go(func() {
		defer close(raw)
		for s, err := range read(ctx) {
			if err != nil {
				readErr = err
				return
			}
			select {
			case raw <- s:
			case <-ctx.Done():
				return
			}
		}
	})

	work, ordered := make(chan *group), make(chan *group, ahead)
	running.Go(func() {
		defer close(work)
		defer close(ordered)
		collect(ctx, raw, func(g *group) bool {
			for _, to := range []chan *group{ordered, work} {
				select {
				case to <- g:
				case <-ctx.Done():
					return false
				}
			}
			return true
		})
	})
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for g := range work {
				g.decode(codec)
			}
		})
	}

	for g := range ordered {
		select {
		case <-g.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(g.events) > 0 {
			if err := apply(g.events); err != nil {
				return err
			}
		}
		if g.err != nil {
			return g.err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return readErr
}

// collect groups what comes: it waits for the first event of a group and
// takes with it what is there already.
func collect(ctx context.Context, raw <-chan ledger.Stored, emit func(*group) bool) {
	for {
		g := &group{done: make(chan struct{})}
		select {
		case s, ok := <-raw:
			if !ok {
				return
			}
			g.stored = append(make([]ledger.Stored, 0, 64), s)
		case <-ctx.Done():
			return
		}
	fill:
		for len(g.stored) < groupEvents {
			select {
			case s, ok := <-raw:
				if !ok {
					break fill
				}
				g.stored = append(g.stored, s)
			default:
				break fill
			}
		}
		if !emit(g) {
			return
		}
	}
}

// decode fills in the events, up to the first that cannot be decoded.
func (g *group) decode(codec *ledger.Codec) {
	defer close(g.done)
	g.events = make([]prepared, 0, len(g.stored))
	for _, s := range g.stored {
		d, err := codec.Decode(s)
		if err != nil {
			g.err = err
			break
		}
		kind := codec.Catalog().Event(d.Event.Kind())
		g.events = append(g.events, prepared{d, mergeTouches(kind.Touches(d.Act, d.Event))})
	}
	g.stored = nil
}
