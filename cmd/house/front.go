package house

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/edge"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/graphql/signin/jwks"
)

// Front says how the house is reached over HTTP and who may sign in. The zero
// value is for one machine, with its own issuer of tokens.
type Front struct {
	// Issuers are outside issuers of tokens. With any, our own signs nobody
	// in.
	Issuers []OutsideIssuer
	// Edge is how the server is reached; its Health is set by the house.
	Edge edge.Config
	// Metrics are the networks from which /metrics is read, besides this
	// machine.
	Metrics []netip.Prefix
	// Denials is the file for what is refused, within the data folder if it
	// is a relative path; the log when empty.
	Denials string
	// NoConsole leaves out the pages for people.
	NoConsole bool
	// Intake takes complaints of the public, where the house records.
	Intake bool
	// OnionHosts are the names of a Tor onion service; with any, Web.Onion
	// serves what the public may reach by it.
	OnionHosts []string
}

// OutsideIssuer is an OpenID Connect issuer: what its tokens may sign in, and
// where its keys are. Trusted.Keys and Keys.Issuer are set by the house.
type OutsideIssuer struct {
	Trusted signin.Trusted
	Keys    jwks.Config
}

// Source makes the source of an issuer's keys, which asks nobody yet.
func (o OutsideIssuer) Source(log *slog.Logger) (*jwks.Source, error) {
	config := o.Keys
	config.Issuer, config.Algorithms, config.Logger = o.Trusted.Issuer, o.Trusted.Methods, log
	return jwks.New(config)
}

// Check tells what is wrong with an issuer.
func (o OutsideIssuer) Check() error {
	if err := o.Trusted.Check(); err != nil {
		return err
	}
	_, err := o.Source(slog.New(slog.DiscardHandler))
	return err
}

// door is the front as it is built.
type door struct {
	front    Front
	laptop   *signin.Issuer // nil with outside issuers
	verifier *signin.Verifier
	sources  []*jwks.Source
	edge     *edge.Edge
	denials  *denial.Log
	file     io.Closer // nil without one
}

// The paths that probes ask for.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

// openDoor builds the front. It asks no issuer: Run does.
func (h *House) openDoor(f Front, log *slog.Logger) (*door, error) {
	d := &door{front: f}
	f.Edge.Health = []string{healthPath, readyPath}
	var err error
	if d.edge, err = edge.New(f.Edge); err != nil {
		return nil, err
	}
	if err := d.signIn(h.Dir, log); err != nil {
		return nil, err
	}
	refusals := log
	if f.Denials != "" {
		path := f.Denials
		if !filepath.IsAbs(path) {
			path = filepath.Join(h.Dir, path)
		}
		file, err := denial.OpenFile(path, 0)
		if err != nil {
			return nil, err
		}
		d.file, refusals = file, slog.New(slog.NewJSONHandler(file, nil))
	}
	d.denials = denial.New(denial.Config{Logger: refusals, Remote: d.edge.Remote, Quiet: []string{intake.Path + "/"}})
	return d, nil
}

// signIn makes the verifier: of the outside issuers, or else of our own.
func (d *door) signIn(dir string, log *slog.Logger) (err error) {
	if len(d.front.Issuers) == 0 {
		if d.laptop, err = signin.OpenIssuer(filepath.Join(dir, IssuerFile)); err != nil {
			return err
		}
		d.verifier, err = d.laptop.Verifier()
		return err
	}
	var trusted []signin.Trusted
	for _, o := range d.front.Issuers {
		source, err := o.Source(log)
		if err != nil {
			return fmt.Errorf("issuer %s: %w", o.Trusted.Issuer, err)
		}
		d.sources = append(d.sources, source)
		o.Trusted.Keys = source
		trusted = append(trusted, o.Trusted)
	}
	d.verifier, err = signin.NewTrustedVerifier(nil, trusted...)
	return err
}

// issuers is the state of the outside issuers.
func (d *door) issuers() []jwks.Status {
	var out []jwks.Status
	for _, s := range d.sources {
		out = append(out, s.Status())
	}
	return out
}

// Run keeps the keys of outside issuers fresh until ctx ends, and returns its
// error.
func (w *Web) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, s := range w.door.sources {
		g.Go(func() error { return s.Run(ctx) })
	}
	g.Go(func() error { <-ctx.Done(); return ctx.Err() })
	return g.Wait()
}

// Close closes the file of denials, if there is one, and forgets files that
// were handed in and not sent. Nothing may be served any more.
func (w *Web) Close() error {
	if w.intake != nil {
		_ = w.intake.Close() // never fails
	}
	if w.door.file == nil {
		return nil
	}
	return w.door.file.Close()
}

// unready says which issuers cannot sign anybody in, and since when.
func (d *door) unready() []string {
	var out []string
	for _, s := range d.issuers() {
		switch {
		case s.Keys > 0:
		case s.Failed != nil:
			out = append(out, fmt.Sprintf("%s: its keys cannot be fetched since %s", s.Issuer, s.Since.UTC().Format(time.RFC3339)))
		case s.Fetched.IsZero():
			out = append(out, s.Issuer+": its keys are being fetched")
		default:
			out = append(out, s.Issuer+": it has no usable key")
		}
	}
	return out
}
