package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

type demoFlags struct {
	officers int
	years    int
	seed     uint64
	addr     string
}

// demoEnd is the last day of every made-up history, so that a seed gives the
// same agency whenever it is played.
var demoEnd = time.Date(2026, time.June, 30, 10, 0, 0, 0, time.UTC)

func (a *app) demoCmd() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make up a realistic agency, serve it and say what to look at",
		Long: `Plays several years of a customs office and the whole of its programme through the
rules of the ledger, every event signed, then serves it on this machine with sign-in links for each role and
sample queries. The same seed gives the same agency.

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
	cmd.Flags().IntVar(&f.officers, "officers", agency.DefaultOfficers, "number of officers")
	cmd.Flags().IntVar(&f.years, "years", agency.DefaultYears, "years of history")
	cmd.Flags().Uint64Var(&f.seed, "seed", agency.DefaultSeed, "which agency")
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
		Dir: a.data, Write: true, PlainKey: true, Passphrase: a.passphrase, Now: clock.now,
		Origin: "probity.demo/agency", ReactionRefused: a.reactionRefused,
	})
	if err != nil {
		return err
	}
	defer h.Close()
	if _, events, err := h.Store.Head(ctx); err != nil {
		return err
	} else if events > 0 {
		return hinted{usagef("%s already holds a ledger of %d events", a.data, events), "a demo begins in an empty folder; serve this one with 'probity serve'"}
	}
	story, err := a.play(ctx, h, f, clock)
	if err != nil {
		return err
	}
	log, err := a.logger(settings{LogLevel: "warn", LogForm: "text"})
	if err != nil {
		return err
	}
	web, err := h.Web(log, welcomeQuery)
	if err != nil {
		return err
	}
	if err := printStory(a.stdout, story, "http://"+listener.Addr().String(), a.data, keep, web.Issuer); err != nil {
		return err
	}
	web.SetReady()
	return serveHouse(ctx, h, web, listener, log, false)
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

// play makes the agency up and brings the views up to date.
func (a *app) play(ctx context.Context, h *house.House, f demoFlags, clock *demoClock) (*agency.Story, error) {
	start := time.Now()
	bar := a.progress("playing the days", 0)
	story, err := agency.Build(ctx, agency.Plan{
		Officers: f.officers, Years: f.years, Seed: f.seed, End: demoEnd, Clock: clock.agency,
	}, h.Recorder.Record, func(done, total int) { bar.bytes(int64(done), int64(total)) })
	bar.done()
	if err != nil {
		return nil, err
	}
	clock.over.Store(true)
	if err := h.OpenViews(ctx, nil); err != nil {
		return nil, err
	}
	if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
		return nil, err
	}
	fmt.Fprintf(a.stderr, "played %d instructions into %d signed events in %.1f s; the rules refused %d attempts, as they should\n",
		story.Instructions, story.Events, time.Since(start).Seconds(), story.RefusedOnPurpose)
	return story, nil
}

// printStory says what to open and what to ask.
func printStory(w io.Writer, s *agency.Story, base, data string, kept bool, issuer *signin.Issuer) error {
	fmt.Fprintf(w, "\n%s (%s) is open at %s/\n", s.AgencyZh, s.AgencyEn, base)
	fmt.Fprintf(w, "\nSign in (links last one hour; this server signs its own tokens: for one machine only)\n")
	for _, p := range s.People {
		token, _, err := issuer.Mint(signin.Grant{Subject: string(p.Subject), Role: p.Role, Units: unitsOf(p)})
		if err != nil {
			return fmt.Errorf("mint a token for %s: %w", p.Subject, err)
		}
		fmt.Fprintf(w, "  %-10s %s: %s\n    %s/signin?token=%s\n", p.Role, p.Subject, p.Why, base, url.QueryEscape(token))
	}
	fmt.Fprintf(w, "\nStories to find\n")
	for _, p := range s.Planted {
		if p.Complete {
			fmt.Fprintf(w, "  %s %s\n    %s  %s\n    %s\n", p.Ref.Type, p.Ref.ID, p.TitleZh, p.TitleEn, storyQuery(p))
		}
	}
	first := domain.OfficerID("")
	for _, p := range s.Planted {
		if p.Officer != "" {
			first = p.Officer
			break
		}
	}
	fmt.Fprintf(w, `
Ask (paste into GraphiQL after signing in as auditor)
  {officer(id:"%[1]s"){name recordFile{sanctions{measure status from until} findings{result}}}}
  {officer(id:"%[1]s"){timeline(first:20){edges{node{event{kind occurredAt actor}}}}}}
  {complaints(first:5){totalCount edges{node{id category status result}}}}
`, first)
	if kept {
		fmt.Fprintf(w, "\nBeside this server\n  probity verify --data %[1]s\n  probity export records --data %[1]s\n", data)
	}
	fmt.Fprintf(w, "\nStop with Ctrl-C.\n")
	return nil
}

// storyQueries ask for what a story begins at, by the type of that.
var storyQueries = map[string]string{
	"officer":     `{officer(id:%q){name recordFile{sanctions{measure status from until} findings{result}} timeline(first:30,filter:{as:["subject"]}){edges{node{event{kind occurredAt actor}}}}}}`,
	"complaint":   "{complaint(id:%q){realName status result summary cases{id status findings{result}}}}",
	"misconduct":  "{case(id:%q){status origin summary timeline(first:30){edges{node{event{kind occurredAt actor}}}}}}",
	"sanction":    "{sanction(id:%q){measure status from until timeline(first:20){edges{node{event{kind occurredAt}}}}}}",
	"reward":      "{reward(id:%q){honour merit status timeline(first:20){edges{node{event{kind occurredAt}}}}}}",
	"plan":        "{plan(id:%q){title targets(result:ACCOUNTABLE){code title due result officer{name}}}}",
	"traceback":   "{traceback(id:%q){fault status nodes{id officer{name} liability duty weight measure} edges{from to}}}",
	"enforcement": "{enforcement(id:%q){matter outcome review overrides{step reason} tracebacks{id nodes{id liability duty measure officer{name}} edges{from to}}}}",
	"warning":     "{warning(id:%q){rule explanation status outcome officer{name} inspection{id status}}}",
	"programme":   "{programme(id:%q){baseline{article score} result{article score events{id kind}} surveys{valid middleTwo{count share}}}}",
}

// storyQuery is the question that shows where the story begins. A story about
// a missed target is best seen as the graph of who answers for it.
func storyQuery(p agency.Planted) string {
	query := fmt.Sprintf(storyQueries[p.Ref.Type], p.Ref.ID)
	if p.Ref.Type == "plan" && p.Traceback != "" {
		query += "\n    " + fmt.Sprintf(storyQueries["traceback"], p.Traceback)
	}
	return query
}

func unitsOf(p agency.Person) []domain.UnitID {
	if p.Unit == "" {
		return nil
	}
	return []domain.UnitID{p.Unit}
}
