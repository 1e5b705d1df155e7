package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/graphql/signin/signintest"
)

// scriptIssuers are the issuers that a script has started, by their URL.
var scriptIssuers issuers

// oidc start [tls] NAME: starts an issuer with the key one, sets $NAME to its
// URL and, with tls, writes ca.pem, tls.crt and tls.key.
//
// oidc key URL NAME: adds a key. oidc stop URL: takes it down.
//
// oidc token URL KEY FILE CLAIMS: writes a token of an hour, with the claims of
// a JSON object.
func oidc(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: oidc start|key|stop|token …")
	}
	switch {
	case args[0] == "start":
		encrypted := args[1] == "tls"
		i := signintest.Start(encrypted)
		ts.Defer(i.Close)
		i.Add("one", "ES256")
		scriptIssuers.add(i)
		ts.Setenv(args[len(args)-1], i.URL)
		if encrypted {
			cert, key := i.ServerPEM()
			for name, raw := range map[string][]byte{"ca.pem": i.RootsPEM(), "tls.crt": cert, "tls.key": key} {
				ts.Check(os.WriteFile(ts.MkAbs(name), raw, 0o600))
			}
		}
	case args[0] == "key" && len(args) == 3:
		scriptIssuers.get(ts, args[1]).Add(args[2], "RS256")
	case args[0] == "stop":
		scriptIssuers.get(ts, args[1]).Close()
	case args[0] == "token" && len(args) == 5:
		var claims map[string]any
		ts.Check(json.Unmarshal([]byte(args[4]), &claims))
		token := scriptIssuers.get(ts, args[1]).Token(args[2], claims)
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(token+"\n"), 0o600))
	default:
		ts.Fatalf("oidc: unknown %s", strings.Join(args, " "))
	}
}

// expand FILE: puts the environment's values for $NAME in a file.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// scriptClient trusts the authority in $CACERT, if that is set, and follows
// no redirection.
func scriptClient(ts *testscript.TestScript, timeout time.Duration) *http.Client {
	client := &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if path := ts.Getenv("CACERT"); path != "" {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(ts.ReadFile(path)))
		client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}
	}
	return client
}

// issuers is safe for the scripts that run at the same time.
type issuers struct {
	mu sync.Mutex // guards by
	by map[string]*signintest.Issuer
}

func (s *issuers) add(i *signintest.Issuer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[string]*signintest.Issuer{}
	}
	s.by[i.URL] = i
}

func (s *issuers) get(ts *testscript.TestScript, url string) *signintest.Issuer {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.by[url]
	if i == nil {
		ts.Fatalf("no issuer was started at %s", url)
	}
	return i
}
