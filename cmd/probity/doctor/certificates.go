package doctor

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/probity-ledger/probity/graphql/edge"
)

// soon is how long before its end a certificate is told about.
const soon = 30 * 24 * time.Hour

const renew = "put a new certificate in its place"

// serverCertificate looks at what the server shows to whoever connects.
func serverCertificate(_ context.Context, p *Patient, f *Findings) {
	if p.TLS.Cert == "" {
		return
	}
	c, err := edge.LoadCertificate(p.TLS.Cert, p.TLS.Key, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fail("the files hold the certificate chain and its key, in PEM form", err)
		return
	}
	f.lasts(p, p.TLS.Cert, c.Expires())
}

// certificates looks at those that the settings name otherwise.
func certificates(_ context.Context, p *Patient, f *Findings) {
	for _, file := range p.Certificates {
		end, err := firstEnd(file.Path)
		if err != nil {
			f.Fail("", fmt.Errorf("%s: %s: %w", file.Setting, file.Path, err))
			continue
		}
		f.lasts(p, file.Path, end)
	}
}

func (f *Findings) lasts(p *Patient, path string, end time.Time) {
	day := end.UTC().Format(time.DateOnly)
	switch left := end.Sub(p.Now()); {
	case left <= 0:
		f.Fail(renew, fmt.Errorf("the certificate in %s has ended on %s", path, day))
	case left < soon:
		f.Warn(renew, "the certificate in %s ends soon, on %s", path, day)
	default:
		f.OK("the certificate in %s is good until %s", path, day)
	}
}

// firstEnd is when the first of the certificates in a PEM file ends.
func firstEnd(path string) (time.Time, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, err
	}
	var end time.Time
	for {
		block, rest := pem.Decode(raw)
		if block == nil {
			break
		}
		raw = rest
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return time.Time{}, err
		}
		if end.IsZero() || c.NotAfter.Before(end) {
			end = c.NotAfter
		}
	}
	if end.IsZero() {
		return end, errors.New("holds no certificate in PEM form")
	}
	return end, nil
}
