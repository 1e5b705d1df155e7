package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// usageError is a mistake on the command line; exit code 2.
type usageError struct{ error }

// measures lists what can be measured, in the order it is done.
var measures = []struct {
	name string
	run  func(*suite, context.Context) error
}{
	{"append", (*suite).appends},
	{"command", (*suite).commands},
	{"decide", (*suite).decisions},
	{"verify", (*suite).verify},
	{"notary", (*suite).notary},
	{"index", (*suite).index},
	{"rebuild", (*suite).rebuild},
	{"scheduler", (*suite).scheduler},
	{"scorecard", (*suite).scorecard},
	{"warning", (*suite).warning},
	{"screening", (*suite).screening},
	{"import", (*suite).imports},
	{"query", (*suite).queries},
	{"graphql", (*suite).graphql},
	{"console", (*suite).console},
	{"export", (*suite).export},
	{"serve", (*suite).serve},
	{"subscriptions", (*suite).subscriptions},
	{"webhooks", (*suite).webhooks},
	{"kurrent", (*suite).kurrent},
	{"replicas", (*suite).replicas},
}

// options are the choices of the command line.
type options struct {
	json   string
	quick  bool
	only   []string
	dir    string
	events int
	data   string
	// postgres is the URL of a server on which databases may be made.
	postgres string
	// document is where the tables of the evaluation of early warning go, if
	// anywhere.
	document string
	// profile is where a CPU profile goes, if anywhere.
	profile string
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	var only string
	names := make([]string, len(measures))
	for i, m := range measures {
		names[i] = m.name
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.json, "json", "", "also write the report as JSON to this file")
	flags.BoolVar(&o.quick, "quick", false, "smaller ledgers and fewer rounds")
	flags.StringVar(&only, "only", "", "measure only these, separated by commas: "+strings.Join(names, ", "))
	flags.StringVar(&o.dir, "dir", ".", "folder on the disk to measure; a temporary folder is made in it")
	flags.IntVar(&o.events, "events", 0, "events in the ledger that 'serve' and 'console' are measured with (default 1,000,000; with --quick none)")
	flags.StringVar(&o.data, "data", "../shared/data", "folder of the public records to import")
	flags.StringVar(&o.postgres, "postgres", os.Getenv("PROBITY_TEST_POSTGRES"), "URL of a PostgreSQL on which to make databases of views; without it they are not measured")
	flags.StringVar(&o.document, "document", "", "put the tables of 'warning' into this document, such as docs/early-warning.md")
	flags.StringVar(&o.profile, "cpuprofile", "", "write a CPU profile of the measures to this file, for go tool pprof")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, usageError{err}
	}
	if o.events < 0 {
		return o, usageError{fmt.Errorf("--events %d: must not be negative", o.events)}
	}
	if only != "" {
		o.only = strings.Split(only, ",")
	}
	o.only = append(o.only, flags.Args()...)
	for _, name := range o.only {
		if !slices.Contains(names, name) {
			return o, usageError{fmt.Errorf("there is no measure %q: choose from %s", name, strings.Join(names, ", "))}
		}
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(o.dir, "bench-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := newSuite(o, dir, stderr)
	defer s.close()
	s.report.Machine.write(stderr)
	stop, err := profile(o.profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for _, m := range measures {
		if len(o.only) > 0 && !slices.Contains(o.only, m.name) {
			continue
		}
		if err := m.run(s, ctx); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	s.report.Machine.LoadAfter = load()
	s.report.write(stdout)
	if o.json != "" {
		return s.report.save(o.json)
	}
	return nil
}

// profile begins a CPU profile, where one is asked for, and returns how to
// end it.
func profile(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("write the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
