package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
)

// suite is one run of the bench: what the measures share.
type suite struct {
	options
	dir    string // temporary, on the disk measured
	stderr io.Writer
	report report

	private ed25519.PrivateKey
	signer  *ledger.Signer
	codec   *ledger.Codec

	folders int
	past    *history // made when first needed
	large   *madeUp  // likewise
}

// origin is the name of every ledger made here.
const origin = "bench.local/ledger"

func newSuite(o options, dir string, stderr io.Writer) *suite {
	return &suite{
		options: o, dir: dir, stderr: stderr, codec: ledger.NewCodec(catalog.New(), origin),
		report: report{Machine: describe(dir), Quick: o.quick},
	}
}

// close gives back what the measures share.
func (s *suite) close() {
	if s.past != nil {
		// It is a scratch ledger in a folder about to be removed.
		_ = s.past.store.Close()
	}
	if s.large != nil {
		_ = s.large.store.Close()
	}
}

// key makes the signing key of this run when it is first needed.
func (s *suite) key() (*ledger.Signer, error) {
	if s.signer != nil {
		return s.signer, nil
	}
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		return nil, err
	}
	ed, ok := priv.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("the new key is not an Ed25519 key")
	}
	s.private = ed
	s.signer, err = ledger.NewSigner(ed)
	return s.signer, err
}

// folder makes an empty folder on the disk measured.
func (s *suite) folder(name string) (string, error) {
	s.folders++
	dir := filepath.Join(s.dir, fmt.Sprintf("%s-%d", name, s.folders))
	return dir, os.Mkdir(dir, 0o700)
}

// pick returns the first value, with --quick the second.
func pick[T any](s *suite, full, quick T) T {
	if s.quick {
		return quick
	}
	return full
}

// turns is how many rounds are measured, burst how long a raw reference runs
// in each.
func (s *suite) turns() int           { return pick(s, 7, 3) }
func (s *suite) burst() time.Duration { return pick(s, 500*time.Millisecond, 250*time.Millisecond) }

func (s *suite) progress(format string, args ...any) {
	fmt.Fprintf(s.stderr, "%s %s\n", time.Now().Format("15:04:05"), fmt.Sprintf(format, args...))
}
