package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func (a *app) serveCmd() *cobra.Command {
	var plainKey, check bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the ledger: GraphQL, GraphiQL, health and metrics",
		Long: `Opens the data folder (makes it, and a signing key, on first start), keeps the
views up to date, carries out what falls due (such as releasing sanctions whose
period is over) and answers on --addr until it is told to stop.

A new ledger lives by the rulebook cn-2024 as shipped until it adopts another
(command rulebook.adopt, by the digest that 'probity doctor' prints).

Sign-in tokens are signed by this server's own key (see 'probity token'). That
is meant for one machine, so only loopback addresses are accepted. With OpenID
Connect issuers named in the settings theirs are taken and its own are not, and
--addr may be any; see docs/sign-in.md.

Settings come from flags, then the environment (PROBITY_ADDR, PROBITY_LOG_LEVEL…),
then --config: a YAML file with the same names. docs/settings.md lists them all;
--check says what is wrong with them, or that nothing is, and starts nothing.

Witnesses, who confirm that everybody is shown the same log, are named in the file:

  witnesses:
    - url: https://overseer.example/witness
      key: overseer.example/w1+87e2f3d6+BGk…
  quorum: 1
  on-timeout: wait

or as PROBITY_WITNESSES="KEY URL, KEY URL". Appends never wait for them; what is
published under /log/ and proved in receipts does. See docs/witness.md.

What may be asked in GraphQL, and how much, stands there as well; see
docs/graphql.md for budgets and the rest:

  graphql:
    trustedDocuments: documents.json
    strict: true
    adHoc: [auditor]`,
		Example: example("probity serve --data /srv/probity", "PROBITY_PASSPHRASE_FILE=/run/secrets/probity probity serve --addr 127.0.0.1:9000"),
		Args:    usageArgs(cobra.NoArgs),
	}
	settings.AddFlags(cmd.Flags(), settings.Serve)
	cmd.Flags().BoolVar(&plainKey, "plain-key", false, "on first start, keep the signing key unencrypted")
	cmd.Flags().BoolVar(&check, "check", false, "say what is wrong with the settings, and start nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		s, err := a.serverSettings()
		if err != nil {
			return err
		}
		if err := a.checkTracing(); err != nil {
			return err
		}
		if check {
			fmt.Fprintln(a.stdout, "the settings are good; 'probity doctor' looks at what they name")
			return nil
		}
		log := a.logger(a.settings.Text("log-level"), a.settings.Text("log-format"))
		a.log = log
		policy := s.Witnesses.policy()
		policy.Logger = log
		listener, err := net.Listen("tcp", s.Addr)
		if err != nil {
			return hinted{fmt.Errorf("listen: %w", err), "another process may hold the address; choose one with --addr"}
		}
		defer listener.Close()
		onion, err := s.Front.listenForTor()
		if err != nil {
			return err
		}
		if onion != nil {
			defer onion.Close()
		}
		spans, err := a.openTracing(cmd.Context(), log)
		if err != nil {
			return err
		}
		defer spans.close(log)
		a.tracers = spans.tracers()
		h, err := a.openServing(plainKey, policy)
		if err != nil {
			return err
		}
		defer closing(h, &err)
		if err := h.OpenViews(cmd.Context(), nil); err != nil {
			return err
		}
		for _, notice := range h.Views.Notices() {
			log.Warn(notice)
		}
		h.Access = s.Access
		if err := h.OpenHooks(s.Hooks, log); err != nil {
			return err
		}
		web, err := h.WebAt(s.Front.Front, log, welcomeQuery)
		if err != nil {
			return err
		}
		defer web.Close()
		if listener, err = s.Front.encrypt(listener, log); err != nil {
			return err
		}
		log.Info("serving", "url", s.Front.scheme()+"://"+listener.Addr().String()+"/", "data", h.Dir, "ledger", h.Codec.Origin(), "rulebook", h.Books.At(time.Now()).Edition())
		if n := s.Access.Documents.Len(); n > 0 {
			log.Info("documents are trusted", "documents", n, "strict", s.Access.Strict, "ad-hoc", s.Access.AdHoc)
		}
		if n := len(policy.Witnesses); n > 0 {
			log.Info("checkpoints are published once witnesses confirmed them", "witnesses", n, "quorum", s.Witnesses.Quorum, "on-timeout", s.Witnesses.OnTimeout)
		}
		if n := len(s.Hooks); n > 0 {
			log.Info("webhooks are sent", "webhooks", n)
		}
		s.Front.announce(log)
		if onion != nil {
			log.Info("serving the public through Tor", "address", onion.Addr().String(), "hosts", s.Front.OnionHosts)
		}
		return serveHouse(cmd.Context(), h, web, listeners{listener, onion}, log, true)
	}
	return cmd
}

// welcomeQuery is what GraphiQL opens with.
const welcomeQuery = `# Who is in the service?
# Ctrl-Space completes, Ctrl-Enter asks.
{
  ledger { origin position }
  officers(first: 5) {
    totalCount
    edges { node { id name latinName unit { name } } }
  }
}
`

// logger writes log lines from a level on, as text or json.
func (a *app) logger(level, format string) *slog.Logger {
	opts := &slog.HandlerOptions{}
	var least slog.Level
	if least.UnmarshalText([]byte(level)) == nil {
		opts.Level = least
	}
	if format == "json" {
		return slog.New(traced{slog.NewJSONHandler(a.stderr, opts)})
	}
	return slog.New(traced{slog.NewTextHandler(a.stderr, opts)})
}

// dueEvery is how often the server looks for what has fallen due.
const dueEvery = time.Minute

// serveHouse runs everything a server does until ctx ends: views, checkpoints
// of the transparency log, who read record files, reactions left over, what
// falls due (when due is set), HTTP. An integrity failure in any of them stops
// all, and so does another process that records into the same store and is no
// replica.
func serveHouse(ctx context.Context, h *house.House, web *house.Web, on listeners, log *slog.Logger, due bool) error {
	house.TuneMemory()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return untilDone(ctx, h.WatchStore(ctx)) })
	if h.Replicated() {
		runReplica(ctx, g, h, web, log)
	} else {
		runAlone(ctx, g, h, web, log, due)
	}
	g.Go(func() error { return untilDone(ctx, h.RunReadings(ctx, log)) })
	g.Go(func() error { return untilDone(ctx, web.Run(ctx)) })
	server := serverOf(web, log)
	server.RegisterOnShutdown(web.EndStreams)
	listen(ctx, g, server, on.all, log)
	if on.onion != nil && web.Onion != nil {
		listen(ctx, g, serverOf(web.Onion, log), on.onion, log)
	}
	err := g.Wait()
	web.EndStreams() // whatever ended the rest
	return err
}

// untilDone takes the end of ctx for a clean end.
func untilDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, ledger.ErrClosed)) {
		return nil
	}
	return err
}

// runAlone runs what one process does of a ledger, for this is the only one.
func runAlone(ctx context.Context, g *errgroup.Group, h *house.House, web *house.Web, log *slog.Logger, due bool) {
	g.Go(func() error { return untilDone(ctx, h.Views.Run(ctx, h.Store)) })
	g.Go(func() error { return untilDone(ctx, h.Notary.Run(ctx)) })
	g.Go(func() error { return untilDone(ctx, h.RunIndex(ctx)) })
	g.Go(func() error { return untilDone(ctx, chores(ctx, h, web, log, due)) })
	g.Go(func() error { return untilDone(ctx, h.RunHooks(ctx)) })
}

// chores brings the views up, makes up for reactions a crash cut short, and
// then carries out what falls due.
func chores(ctx context.Context, h *house.House, web *house.Web, log *slog.Logger, due bool) error {
	if err := ready(ctx, h, web, log); err != nil {
		return err
	}
	if err := h.CatchUpReactions(ctx); err != nil {
		return err
	}
	if !due {
		return nil
	}
	return whatFallsDue(ctx, h, log, h.SettleReactions)
}

// ready waits until the views show what is recorded, and says so.
func ready(ctx context.Context, h *house.House, web *house.Web, log *slog.Logger) error {
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	if err := h.Views.WaitFor(ctx, head); err != nil {
		return err
	}
	web.SetReady()
	log.Info("ready", "position", head.String())
	return nil
}

// whatFallsDue carries it out, until ctx ends; after is called after each pass.
// What a rule of early warning finds is raised as soon as the views show it. The
// comparing of once a day goes on beside that, for it may take long.
func whatFallsDue(ctx context.Context, h *house.House, log *slog.Logger, after func(context.Context) error) error {
	scheduler := h.Scheduler()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return passes(ctx, h, scheduler, log, after) })
	g.Go(func() error { return compareDaily(ctx, h, scheduler, log) })
	return g.Wait()
}

// compareDaily compares acts among peers once a day, until ctx ends.
func compareDaily(ctx context.Context, h *house.House, scheduler *house.Scheduler, log *slog.Logger) error {
	for {
		if err := showsAll(ctx, h); err != nil {
			return err
		}
		start := time.Now()
		compared, ran, err := scheduler.ScreenDaily(ctx, start)
		switch _, damaged := errors.AsType[*ledger.IntegrityError](err); {
		case err != nil && (damaged || ctx.Err() != nil || errors.Is(err, ledger.ErrClosed)):
			return err
		case err != nil: // what falls due goes on
			log.Error("acts could not be compared; trying again", "in", dueEvery, "err", err)
		case ran:
			log.Info("compared acts among peers", "warnings", compared.Warned, "reconsidered", compared.Reconsidered, "refused", compared.Refused, "took", time.Since(start))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(dueEvery):
		}
	}
}

// showsAll waits until the views show all that is recorded by now.
func showsAll(ctx context.Context, h *house.House) error {
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	return h.Views.WaitFor(ctx, head)
}

func passes(ctx context.Context, h *house.House, scheduler *house.Scheduler, log *slog.Logger, after func(context.Context) error) error {
	found, err := h.Views.Watch(projections.Interest{Hits: true})
	if err != nil {
		return err
	}
	defer found.Close()
	for {
		if err := pass(ctx, h, scheduler, log); err != nil {
			return err
		}
		if err := after(ctx); err != nil {
			return err
		}
		if err := untilDue(ctx, scheduler, found, log); err != nil {
			return err
		}
	}
}

// untilDue waits for the next pass, and meanwhile raises what rules find.
func untilDue(ctx context.Context, scheduler *house.Scheduler, found *projections.Watch, log *slog.Logger) error {
	next := time.After(dueEvery)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-next:
			return nil
		case <-found.Woken():
		}
		found.Take()
		passed, err := scheduler.Raise(ctx, time.Now())
		if err != nil {
			return err
		}
		if passed.Any() {
			log.Info("raised what rules found", "warnings", passed.Warned, "refused", passed.Refused)
		}
	}
}

// pass lets the scheduler do what is due now, once the views show all that
// is recorded.
func pass(ctx context.Context, h *house.House, scheduler *house.Scheduler, log *slog.Logger) error {
	if err := showsAll(ctx, h); err != nil {
		return err
	}
	passed, err := scheduler.Pass(ctx, time.Now())
	if err != nil {
		return err
	}
	if passed.Any() {
		log.Info("carried out what fell due", "warnings", passed.Warned, "commands", passed.Commanded, "refused", passed.Refused)
	}
	return nil
}
