package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/otel/trace"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/seal"
)

// The exit codes of every verb.
const (
	exitFine      = 0
	exitFailed    = 1 // refused or failed
	exitUsage     = 2 // wrong usage
	exitIntegrity = 3 // recorded bytes are not what they must be
)

// app is what the verbs share: where to read and write, and the flags every
// verb knows.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	// environ is the environment as KEY=VALUE.
	environ []string

	config   string           // the settings file, if any
	settings *settings.Values // of the verb that runs

	data  string
	store string // where events are; a password in it is never printed
	// storeCredentials say where user and password of the store are found
	storeCredentials string
	views            string               // where views are; a password in it is never printed
	files            house.FilesConfig    // of reporters
	perHour          int                  // complaints of the public
	tracers          trace.TracerProvider // make spans; nil for none
	passphraseFile   string               // holds the passphrase of the signing key, if set

	log *slog.Logger // of a server
}

// usageError marks an error as wrong usage (exit code 2).
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// hinted adds a line that says what to do about an error.
type hinted struct {
	error
	hint string
}

func (e hinted) Unwrap() error { return e.error }

// run runs one command line and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, environ []string) int {
	results := &checkedWriter{w: stdout}
	a := &app{stdin: stdin, stdout: results, stderr: stderr, environ: environ}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(results)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil && results.err != nil {
		err = fmt.Errorf("print the results: %w", results.err)
	}
	if err == nil {
		return exitFine
	}
	fmt.Fprintln(stderr, "probity:", err)
	if hint := hintOf(err); hint != "" {
		fmt.Fprintln(stderr, "hint:", hint)
	}
	return exitCodeOf(err)
}

// checkedWriter remembers that results were lost, such as on a full disk, so
// that no verb ends as if it had told them.
type checkedWriter struct {
	w   io.Writer
	err error // the first
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

func exitCodeOf(err error) int {
	if _, ok := errors.AsType[*ledger.IntegrityError](err); ok {
		return exitIntegrity
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

// hintOf says what to do about the errors people meet most.
func hintOf(err error) string {
	if h, ok := errors.AsType[hinted](err); ok {
		return h.hint
	}
	if invalid, ok := errors.AsType[*settings.Invalid](err); ok {
		return invalid.Hint()
	}
	switch {
	case errors.Is(err, house.ErrUnfinished):
		return "empty the folder and run 'probity restore' again"
	case errors.Is(err, house.ErrBackup):
		return "nothing was changed; take another backup"
	case errors.Is(err, house.ErrStore), errors.Is(err, house.ErrMoving):
		return "docs/migrate.md tells how a ledger comes from one store to another"
	case errors.Is(err, house.ErrNoLedger):
		return "name the data folder with --data or PROBITY_DATA, or begin one with 'probity serve' or 'probity import'"
	case errors.Is(err, house.ErrWentBack):
		return "name the store that holds this ledger, or put the newest ledger back (ledger.db, or the cluster's own backup); 'probity rebuild' goes on with this one, and what it lacks is then lost"
	case errors.Is(err, house.ErrNoRulebook):
		return "nothing is lost: the ledger goes on once the file is there; 'probity doctor' lists the files and their digests"
	case errors.Is(err, house.ErrNotAsSigned):
		return "stop writing, keep a copy of the data folder as it is, and put the newest ledger back (ledger.db, or the cluster's own backup); where events are lost for good, see 'probity rebuild --help'"
	case errors.Is(err, ledger.ErrLocked):
		return "stop the process that holds it; 'query', 'verify' and 'export' work beside a running server"
	case errors.Is(err, ledger.ErrPassphrase), errors.Is(err, seal.ErrPassphrase):
		return "set PROBITY_PASSPHRASE, or PROBITY_PASSPHRASE_FILE to a file that holds it"
	case errors.Is(err, ledger.ErrFull):
		return "nothing acknowledged is lost; make room and run the same command again"
	case errors.Is(err, ledger.ErrReadOnly):
		return "check the permissions of the data folder and of the medium it lies on"
	case exitCodeOf(err) == exitIntegrity:
		return "stop writing, keep a copy of the data folder as it is, and compare it with a backup"
	}
	return ""
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "probity",
		Short: "A signed, event-sourced ledger of cases and accountability",
		Long: `Probity records plan targets, complaints, misconduct findings, responsibility,
rewards and sanctions as signed, immutable events, builds personnel record files
and accountability timelines from them, and answers audits in GraphQL.

New here? 'probity demo' serves a made-up district you can ask.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.readSettings(cmd) },
	}
	settings.AddFlags(root.PersistentFlags(), settings.Everywhere)
	root.PersistentFlags().StringVar(&a.config, "config", a.env("PROBITY_CONFIG"), "settings file (PROBITY_CONFIG); see docs/settings.md")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		a.demoCmd(), a.serveCmd(), a.importCmd(), a.submitCmd(), a.queryCmd(), a.verifyCmd(), a.warnCmd(),
		a.exportCmd(), a.keyCmd(), a.tokenCmd(), a.rebuildCmd(), a.backupCmd(), a.restoreCmd(), a.migrateCmd(), a.witnessCmd(), a.webhookCmd(), a.doctorCmd(), a.versionCmd(),
	)
	return root
}

// usageArgs turns an argument check's error into wrong usage.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return hinted{usageError{err}, "see '" + cmd.CommandPath() + " --help'"}
		}
		return nil
	}
}

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// env is the value of an environment variable; empty if it is not set.
func (a *app) env(name string) string {
	for _, pair := range slices.Backward(a.environ) {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}

// house says where the ledger is: its data folder, and where its events are.
func (a *app) house() house.Config {
	return house.Config{Dir: a.data, Store: a.store, StoreCredentials: a.storeCredentials, Views: a.views, Replicas: a.sharedBy(a.store),
		Files: a.files, PublicPerHour: a.perHour, Log: a.storeLog(), Tracing: a.tracers}
}

// sharedBy is the PostgreSQL through which replicas record into a store: who
// shares events and views may do so with others. It is empty where the events
// or the views are in the folder.
func (a *app) sharedBy(store string) string {
	if store == house.StoreEmbedded || a.views == viewsInFolder {
		return ""
	}
	return a.views
}

// storeLog takes what somebody must know of a store on a server.
func (a *app) storeLog() *slog.Logger {
	if a.log != nil {
		return a.log
	}
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// openWriting opens the data folder for recording, and makes up for what a
// crash cut short.
func (a *app) openWriting(ctx context.Context, plainKey bool) (*house.House, error) {
	h, err := a.openServing(plainKey, nil)
	if err != nil {
		return nil, err
	}
	if err := h.CatchUpReactions(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// closing closes what a verb recorded into, and tells what that fails with
// unless something else failed before.
func closing(h *house.House, err *error) {
	if failed := h.Close(); *err == nil {
		*err = failed
	}
}

// openServing opens the data folder for recording; a server makes up for
// what a crash cut short while it serves, and asks witnesses.
func (a *app) openServing(plainKey bool, witnesses *notary.WitnessPolicy) (*house.House, error) {
	cfg := a.house()
	cfg.Write, cfg.PlainKey, cfg.Passphrase, cfg.ReactionRefused = true, plainKey, a.passphrase, a.reactionRefused
	cfg.Witnesses = witnesses
	h, err := house.Open(cfg)
	if err == nil && h.NewKey {
		fmt.Fprintf(a.stderr, "made a new signing key in %s: back it up together with its passphrase\n", a.data)
	}
	return h, err
}

// openReading opens the data folder for reading, beside a running server if
// there is one.
func (a *app) openReading() (*house.House, error) {
	return house.Open(a.house())
}

// reactionRefused tells the operator that a consequence did not follow.
func (a *app) reactionRefused(cause domain.Recorded, in domain.Instruction, err error) {
	fmt.Fprintf(a.stderr, "warning: %s on %s, which should follow from event %s, was refused: %v\n",
		in.Command.Name(), in.Act.Subject, cause.ID, err)
}

// input opens a file argument; "-" is standard input.
func (a *app) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, usageError{fmt.Errorf("open the input: %w", err)}
	}
	return f, nil
}

// example indents lines for a command's help.
func example(lines ...string) string { return "  " + strings.Join(lines, "\n  ") }
