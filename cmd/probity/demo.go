package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/ledger"
)

type demoFlags struct {
	officers int
	years    int
	seed     uint64
	addr     string
}

// demoEnd is the last day of every made-up history, so that a seed gives the
// same district whenever it is played.
var demoEnd = time.Date(2026, time.June, 30, 10, 0, 0, 0, time.UTC)

// demoOrigin names the demo's ledger.
const demoOrigin = "probity.demo/linpu"

func (a *app) demoCmd() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make up a realistic district, serve it and say what to look at",
		Long: `Plays two years of a district's customs, tax and market supervision, with the whole
of their programme, through the rules of the ledger, every event signed, then serves
it on this machine with sign-in links for each role, stories to find and the query
that shows each. The same seed gives the same district.

Without --data everything lies in a temporary folder that is removed at the end;
with --data it is kept, and 'probity verify', 'query' and 'export' work on it.
The demo's signing key is not encrypted.`,
		Example: example("probity demo", "probity demo --officers 300 --years 5 --seed 7 --data ./demo-data"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLoopback(f.addr); err != nil {
				return err
			}
			if f.officers < agency.MinOfficers || f.officers > agency.MaxOfficers {
				return usagef("--officers %d: make it %d to %d", f.officers, agency.MinOfficers, agency.MaxOfficers)
			}
			if f.years < 1 || f.years > agency.MaxYears {
				return usagef("--years %d: make it 1 to %d", f.years, agency.MaxYears)
			}
			return a.demo(cmd.Context(), f, cmd.Flags().Changed("data"))
		},
	}
	cmd.Flags().IntVar(&f.officers, "officers", agency.DefaultOfficers, "number of officers in the three agencies together")
	cmd.Flags().IntVar(&f.years, "years", agency.DefaultYears, "years of history")
	cmd.Flags().Uint64Var(&f.seed, "seed", agency.DefaultSeed, "which district")
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 picks a free one")
	return cmd
}

func (a *app) demo(ctx context.Context, f demoFlags, keep bool) error {
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return hinted{fmt.Errorf("listen: %w", err), "another process may hold the address; choose one with --addr, or --addr 127.0.0.1:0"}
	}
	defer listener.Close()
	if !keep {
		if a.data, err = os.MkdirTemp("", "probity-demo-"); err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(a.data)
	}
	clock := &demoClock{agency: agency.NewClock()}
	h, err := house.Open(house.Config{
		Dir: a.data, Store: a.store, Write: true, PlainKey: true, Passphrase: a.passphrase, Now: clock.now,
		Origin: demoOrigin, ReactionRefused: a.reactionRefused,
	})
	if err != nil {
		return err
	}
	defer h.Close()
	if head, err := h.Store.Head(ctx); err != nil {
		return err
	} else if head > ledger.Start {
		return hinted{usagef("%s already holds a ledger", a.data), "a demo begins in an empty folder; serve this one with 'probity serve'"}
	}
	story, err := a.play(ctx, h, f, clock)
	if err != nil {
		return err
	}
	log := a.logger("warn", "text")
	h.Access = defaultAccess()
	web, err := h.Web(log, welcomeQuery)
	if err != nil {
		return err
	}
	if err := printStory(a.stdout, story, "http://"+listener.Addr().String(), a.data, keep, web.Issuer); err != nil {
		return err
	}
	web.SetReady()
	return serveHouse(ctx, h, web, listeners{all: listener}, log, false)
}

// demoClock shows the time of the story while it is played, then the real
// one.
type demoClock struct {
	agency *agency.Clock
	over   atomic.Bool
}

func (c *demoClock) now() time.Time {
	if c.over.Load() {
		return time.Now()
	}
	return c.agency.Now()
}

// play makes the district up, with what the ledger does in its last nights;
// then it brings the views up to date, and lets the rules of early warning raise
// what they find on the story's last day.
func (a *app) play(ctx context.Context, h *house.House, f demoFlags, clock *demoClock) (*agency.Story, error) {
	start := time.Now()
	bar := a.progress("playing the days", 0)
	night := &nights{house: h}
	story, err := agency.Build(ctx, agency.Plan{
		Officers: f.officers, Years: f.years, Seed: f.seed, End: demoEnd, Clock: clock.agency, Night: night.pass,
	}, h.Recorder.Record, func(done, total int) { bar.bytes(int64(done), int64(total)) })
	bar.done()
	if err == nil {
		err = a.public(ctx, h, story)
	}
	if err != nil {
		return nil, err
	}
	if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
		return nil, err
	}
	if _, err := h.Scheduler().Raise(ctx, clock.now()); err != nil {
		return nil, err
	}
	clock.over.Store(true)
	if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
		return nil, err
	}
	h.Tour = tourOf(story)
	fmt.Fprintf(a.stderr, "played %d instructions into %d signed events in %.1f s; the rules refused %d attempts, as they should\n",
		story.Instructions, story.Events, time.Since(start).Seconds(), story.RefusedOnPurpose)
	return story, nil
}
