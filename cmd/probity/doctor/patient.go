package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger/notary"
)

// Patient is what is looked over.
type Patient struct {
	// Dir is the data folder.
	Dir string
	// Store is where events are, Credentials where its user and password are
	// found, as in [kurrent.Options]; Views is where views are, with the
	// password if there is one.
	Store, Credentials, Views string
	// Open opens the data folder for reading.
	Open func() (*house.House, error)
	// Passphrase of the signing key. It asks nobody.
	Passphrase func() ([]byte, error)
	// Secrets are the files, besides those of the data folder, that others
	// must not read.
	Secrets []File
	// Certificates are those that the settings name.
	Certificates []File
	// TLS is the certificate of the server and its key; empty without one.
	TLS struct{ Cert, Key string }
	// Issuers of sign-in tokens, and Witnesses that confirm checkpoints.
	Issuers   []house.OutsideIssuer
	Witnesses []notary.Witness
	// Hooks tell other systems what is recorded.
	Hooks []hooks.Hook
	// Configured tells that settings were given to look at.
	Configured bool
	// Now is the clock.
	Now func() time.Time

	opening sync.Once
	opened  chan struct{} // closed when house and failed are set
	house   *house.House
	failed  error
}

// File is a file and the setting that names it.
type File struct{ Setting, Path string }

// errNotOpen: the ledger cannot be opened; another check says why.
var errNotOpen = errors.New("the ledger cannot be opened")

// ledger is the open house. All checks share one; who comes late to it waits
// no longer than ctx.
func (p *Patient) ledger(ctx context.Context) (*house.House, error) {
	p.opening.Do(func() {
		p.opened = make(chan struct{})
		go func() {
			p.house, p.failed = p.Open()
			close(p.opened)
		}()
	})
	select {
	case <-p.opened:
		return p.house, p.failed
	case <-ctx.Done():
		return nil, fmt.Errorf("open the ledger: %w", ctx.Err())
	}
}

// open is the house for a check that has nothing to say without it.
func (p *Patient) open(ctx context.Context, f *Findings) *house.House {
	h, err := p.ledger(ctx)
	if err != nil {
		f.NotRun("%v", errNotOpen)
		return nil
	}
	return h
}

// Close closes what was opened; what is being opened still is left to the
// end of the process.
func (p *Patient) Close() error {
	p.opening.Do(func() { p.opened = make(chan struct{}) })
	select {
	case <-p.opened:
		if p.house != nil {
			return p.house.Close()
		}
	default:
	}
	return nil
}

// theFolder is an error where there is no data folder.
func (p *Patient) theFolder() (os.FileInfo, error) {
	info, err := os.Stat(p.Dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%w: %s does not exist", house.ErrNoLedger, p.Dir)
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("%s is not a folder", p.Dir)
	}
	return info, err
}
