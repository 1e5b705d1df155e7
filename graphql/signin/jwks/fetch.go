package jwks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// fetcher gets documents of one issuer.
type fetcher struct {
	client *http.Client
	// local: the issuer is on this machine, and may be asked over http.
	local bool
}

func newFetcher(local bool, roots *x509.CertPool, transport http.RoundTripper) *fetcher {
	f := &fetcher{local: local}
	if transport == nil {
		transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			TLSHandshakeTimeout:    FetchTimeout,
			ResponseHeaderTimeout:  FetchTimeout,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           2,
			IdleConnTimeout:        30 * time.Second,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
		}
	}
	f.client = &http.Client{Transport: transport, Timeout: FetchTimeout, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		first := via[0].URL
		if next.URL.Scheme != first.Scheme || next.URL.Host != first.Host {
			return fmt.Errorf("it redirects to another host, %s", shorten(next.URL.Host))
		}
		if len(via) > 3 {
			return errors.New("it redirects too often")
		}
		return nil
	}}
	return f
}

// get returns a document, which must be there and not too long.
func (f *fetcher) get(ctx context.Context, address string) ([]byte, error) {
	if err := CheckURL(address, f.local); err != nil {
		return nil, fmt.Errorf("%s: %w", shorten(address), err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json, application/jwk-set+json")
	res, err := f.client.Do(r)
	if err != nil {
		return nil, err // it names the address
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers with status %d", shorten(address), res.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", shorten(address), err)
	}
	if len(raw) > MaxDocument {
		return nil, fmt.Errorf("%s is longer than %d bytes", shorten(address), MaxDocument)
	}
	return raw, nil
}

func (f *fetcher) close() { f.client.CloseIdleConnections() }

// CheckURL tells whether an issuer's document may be fetched from there: over
// https, or over http from this machine when local is set.
func CheckURL(address string, local bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return errors.New("is not an absolute address")
	case u.User != nil:
		return errors.New("has a user in it")
	case u.Fragment != "":
		return errors.New("has a fragment")
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return errors.New("is not an https address")
	case !isLoopback(u.Hostname()):
		return errors.New("is not an https address; http is for issuers on this machine alone")
	case !local:
		return errors.New("is an http address on this machine, but the issuer is elsewhere")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
