package jwks_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/graphql/signin/jwks"
	"github.com/probity-ledger/probity/graphql/signin/signintest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var algorithms = []string{"RS256", "ES256", "EdDSA"}

const name = "https://sso.example"

// token is an unverified token of that header.
func token(kid, algorithm string) *jwt.Token {
	return &jwt.Token{Method: jwt.GetSigningMethod(algorithm), Header: map[string]any{"kid": kid, "alg": algorithm}}
}

// running is a source at work in a bubble of synctest, asking issuer without
// a network.
func running(t *testing.T, issuer *signintest.Issuer, change func(*jwks.Config)) *jwks.Source {
	t.Helper()
	config := jwks.Config{Issuer: issuer.URL, Algorithms: algorithms, Transport: issuer, Logger: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&config)
	}
	source, err := jwks.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- source.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ends with %v", err)
		}
	})
	synctest.Wait()
	return source
}

// wants fails unless the source answers for the key as wanted.
func wants(t *testing.T, s *jwks.Source, kid, algorithm string, want error) {
	t.Helper()
	key, err := s.Key(token(kid, algorithm))
	if !errors.Is(err, want) || (key == nil) != (want != nil) {
		t.Errorf("key %q for %s: got %T, %v; want %v", kid, algorithm, key, err, want)
	}
}

func TestANewKeyIsFetchedWhenATokenNamesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := signintest.NewOffline(name)
		issuer.Add("one", "EdDSA")
		s := running(t, issuer, nil)
		wants(t, s, "one", "EdDSA", nil)
		time.Sleep(time.Minute)
		issuer.Add("two", "ES256")
		issuer.Remove("one")
		wants(t, s, "one", "EdDSA", nil) // nobody has asked since
		wants(t, s, "two", "ES256", nil)
		wants(t, s, "one", "EdDSA", jwks.ErrUnknownKey)
		if _, ok := s.Current("one"); ok {
			t.Error("the key that was taken back is current")
		}
		if n := issuer.Requests(signintest.KeysPath); n != 2 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestAKeyThatIsTakenBackGoesWithTheNextRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := signintest.NewOffline(name)
		issuer.Add("one", "EdDSA")
		s := running(t, issuer, nil)
		issuer.Remove("one")
		time.Sleep(jwks.DefaultRefresh + time.Second)
		wants(t, s, "one", "EdDSA", jwks.ErrUnknownKey)
		if st := s.Status(); st.Keys != 0 || st.Failed != nil {
			t.Errorf("%+v", st)
		}
	})
}

func TestAFloodOfUnknownKeysCostsOneRequestInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := signintest.NewOffline(name)
		issuer.Add("one", "EdDSA")
		s := running(t, issuer, func(c *jwks.Config) { c.Refresh = 24 * time.Hour })
		start := time.Now()
		const minutes = 10
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for i := 0; time.Since(start) < minutes*time.Minute; i++ {
					wants(t, s, fmt.Sprintf("%d-%d", worker, i), "EdDSA", jwks.ErrUnknownKey)
					wants(t, s, "one", "EdDSA", nil) // others go on
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		all.Wait()
		most := int(minutes*time.Minute/jwks.DefaultRefetch) + 1
		if n := issuer.Requests(signintest.KeysPath); n > most || n < most/2 {
			t.Errorf("%d requests in %d minutes, want at most %d", n, minutes, most)
		}
	})
}

func TestAnIssuerThatIsDownAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := signintest.NewOffline(name)
		issuer.Add("one", "EdDSA")
		down := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }
		issuer.Answer(signintest.DiscoveryPath, down)
		s := running(t, issuer, nil)
		wants(t, s, "one", "EdDSA", jwks.ErrUnavailable)
		if st := s.Status(); st.Keys != 0 || st.Failed == nil || !strings.Contains(st.Failed.Error(), "502") {
			t.Errorf("%+v", st)
		}
		time.Sleep(10 * time.Minute)
		n := issuer.Requests(signintest.DiscoveryPath)
		if n < 10 || n > 25 {
			t.Errorf("%d attempts in ten minutes", n)
		}
		issuer.Answer(signintest.DiscoveryPath, nil)
		time.Sleep(jwks.MaxBackoff)
		wants(t, s, "one", "EdDSA", nil)
		if st := s.Status(); st.Keys != 1 || st.Failed != nil || !st.Since.IsZero() {
			t.Errorf("%+v", st)
		}
	})
}

func TestKeysOfAnIssuerThatGoesDownAreUsedForABoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := signintest.NewOffline(name)
		issuer.Add("one", "EdDSA")
		s := running(t, issuer, func(c *jwks.Config) { c.Keep = 2 * time.Hour })
		time.Sleep(time.Minute)
		issuer.Answer(signintest.KeysPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
		time.Sleep(time.Hour)
		wants(t, s, "one", "EdDSA", nil)
		if st := s.Status(); st.Keys != 1 || st.Failed == nil || time.Since(st.Since) < 30*time.Minute {
			t.Errorf("%+v", st)
		}
		time.Sleep(time.Hour)
		wants(t, s, "one", "EdDSA", jwks.ErrUnavailable)
		if _, ok := s.Current("one"); ok {
			t.Error("a key is current beyond its time")
		}
		issuer.Answer(signintest.KeysPath, nil)
		time.Sleep(2 * jwks.MaxBackoff)
		wants(t, s, "one", "EdDSA", nil)
	})
}

func TestATokenWaitsForASlowIssuerOnlySoLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := signintest.NewOffline(name)
		issuer.Add("one", "EdDSA")
		s := running(t, issuer, nil)
		time.Sleep(time.Minute)
		issuer.Add("two", "EdDSA")
		issuer.Answer(signintest.DiscoveryPath, func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done() // the client's timeout
		})
		start := time.Now()
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { wants(t, s, "two", "EdDSA", jwks.ErrUnknownKey) })
		}
		all.Wait()
		if d := time.Since(start); d != jwks.WaitForKeys {
			t.Errorf("waited %v", d)
		}
		wants(t, s, "one", "EdDSA", nil)
	})
}

// idle is a source that does not run yet, of an issuer with one key.
func idle(t *testing.T) (*jwks.Source, *signintest.Issuer) {
	t.Helper()
	issuer := signintest.NewOffline(name)
	issuer.Add("one", "EdDSA")
	s, err := jwks.New(jwks.Config{Issuer: name, Algorithms: algorithms, Transport: issuer, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s, issuer
}

func TestNoKeyIsReadBeforeTheRunNorAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, issuer := idle(t)
		wants(t, s, "one", "EdDSA", jwks.ErrUnavailable)
		if n := issuer.Requests(signintest.DiscoveryPath); n != 0 {
			t.Errorf("%d requests before the run", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Run ends with %v", err)
		}
		start := time.Now()
		wants(t, s, "one", "EdDSA", jwks.ErrUnavailable)
		if d := time.Since(start); d != 0 {
			t.Errorf("waited %v after the run", d)
		}
	})
}

// A server may be asked before its goroutines have begun.
func TestATokenThatComesBeforeTheRunWaitsForTheFirstFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := idle(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			time.Sleep(time.Second)
			s.Run(ctx)
		}()
		wants(t, s, "one", "EdDSA", nil)
	})
}

func TestOverTheNetwork(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	honest := signintest.NewTLS(t)
	honest.Add("one", "RS256")
	plain := signintest.New(t)
	plain.Add("one", "EdDSA")
	lying := func(change func(*signintest.Issuer)) *signintest.Issuer {
		i := signintest.NewTLS(t)
		i.Add("one", "RS256")
		change(i)
		return i
	}
	body := func(path string, text func(i *signintest.Issuer) string) *signintest.Issuer {
		return lying(func(i *signintest.Issuer) {
			i.Answer(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text(i)) })
		})
	}
	redirecting := func(to func(*signintest.Issuer) string) *signintest.Issuer {
		return lying(func(i *signintest.Issuer) {
			i.Answer(signintest.DiscoveryPath, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to(i), http.StatusFound) })
		})
	}
	tests := []struct {
		name   string
		issuer *signintest.Issuer
		change func(*jwks.Config)
		want   string // "" for keys
	}{
		{"https", honest, nil, ""},
		{"https with the set's address", honest, func(c *jwks.Config) { c.JWKS = honest.URL + signintest.KeysPath }, ""},
		{"http of this machine", plain, func(c *jwks.Config) { c.Roots = nil }, ""},
		{"https of an authority that nobody vouches for", honest, func(c *jwks.Config) { c.Roots = nil }, "certificate"},
		{"another issuer's document", body(signintest.DiscoveryPath, func(i *signintest.Issuer) string {
			return `{"issuer":"` + honest.URL + `","jwks_uri":"` + honest.URL + signintest.KeysPath + `"}`
		}), nil, "another issuer"},
		{"its name with a slash", body(signintest.DiscoveryPath, func(i *signintest.Issuer) string {
			return `{"issuer":"` + i.URL + `/","jwks_uri":"` + i.URL + signintest.KeysPath + `"}`
		}), nil, "another issuer"},
		{"its name twice", body(signintest.DiscoveryPath, func(i *signintest.Issuer) string {
			return `{"issuer":"https://elsewhere","issuer":"` + i.URL + `","jwks_uri":"` + i.URL + signintest.KeysPath + `"}`
		}), nil, "each member once"},
		{"keys over http", body(signintest.DiscoveryPath, func(i *signintest.Issuer) string {
			return `{"issuer":"` + i.URL + `","jwks_uri":"` + plain.URL + signintest.KeysPath + `"}`
		}), nil, "the issuer is elsewhere"},
		{"keys in a file", body(signintest.DiscoveryPath, func(i *signintest.Issuer) string { return `{"issuer":"` + i.URL + `","jwks_uri":"file:///etc/passwd"}` }), nil, "absolute address"},
		{"no address of keys", body(signintest.DiscoveryPath, func(i *signintest.Issuer) string { return `{"issuer":"` + i.URL + `"}` }), nil, "no jwks_uri"},
		{"no discovery", lying(func(i *signintest.Issuer) { i.Answer(signintest.DiscoveryPath, http.NotFound) }), nil, "status 404"},
		{"a page for keys", body(signintest.KeysPath, func(*signintest.Issuer) string { return "<html>" }), nil, "not a JSON object"},
		{"no list of keys", body(signintest.KeysPath, func(*signintest.Issuer) string { return "{}" }), nil, "not a JSON object"},
		{"a document that never ends", lying(func(i *signintest.Issuer) {
			i.Answer(signintest.KeysPath, func(w http.ResponseWriter, _ *http.Request) {
				for range 2 * jwks.MaxDocument / 1024 {
					fmt.Fprint(w, strings.Repeat(" ", 1024))
				}
			})
		}), nil, "longer than"},
		{"too many keys", body(signintest.KeysPath, func(*signintest.Issuer) string {
			return `{"keys":[{}` + strings.Repeat(",{}", jwks.MaxKeys) + `]}`
		}), nil, "more than 64 keys"},
		{"a redirection to another host", redirecting(func(*signintest.Issuer) string { return honest.URL + signintest.DiscoveryPath }), nil, "another host"},
		{"a redirection to http", redirecting(func(*signintest.Issuer) string { return plain.URL + signintest.DiscoveryPath }), nil, "another host"},
		{"a redirection without end", redirecting(func(i *signintest.Issuer) string { return i.URL + signintest.DiscoveryPath }), nil, "too often"},
		{"nobody there", lying((*signintest.Issuer).Close), nil, "refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := jwks.Config{Issuer: test.issuer.URL, Algorithms: algorithms, Logger: quiet}
			if strings.HasPrefix(config.Issuer, "https") {
				config.Roots = honest.Roots() // all test servers have one certificate
			}
			if test.change != nil {
				test.change(&config)
			}
			s, err := jwks.New(config)
			if err != nil {
				t.Fatal(err)
			}
			st := s.Check(t.Context())
			switch {
			case test.want == "" && (st.Failed != nil || st.Keys != 1):
				t.Errorf("got %+v", st)
			case test.want != "" && (st.Failed == nil || !strings.Contains(st.Failed.Error(), test.want)):
				t.Errorf("got %v, want %q", st.Failed, test.want)
			}
		})
	}
}

func TestAConfigThatCannotBe(t *testing.T) {
	good := jwks.Config{Issuer: name, Algorithms: algorithms}
	for want, change := range map[string]func(*jwks.Config){
		"issuer is not an absolute address": func(c *jwks.Config) { c.Issuer = "sso" },
		"http is for issuers on this":       func(c *jwks.Config) { c.Issuer = "http://sso.example" },
		"issuer is not an https address":    func(c *jwks.Config) { c.Issuer = "ftp://sso.example" },
		"has a user in it":                  func(c *jwks.Config) { c.Issuer = "https://u:p@sso.example" },
		"has a query":                       func(c *jwks.Config) { c.Issuer = "https://sso.example?x" },
		"has a fragment":                    func(c *jwks.Config) { c.Issuer = "https://sso.example#x" },
		"jwks is not an https":              func(c *jwks.Config) { c.JWKS = "http://sso.example/keys" },
		"but the issuer is elsewhere":       func(c *jwks.Config) { c.JWKS = "http://127.0.0.1/keys" },
		"algorithms are missing":            func(c *jwks.Config) { c.Algorithms = nil },
	} {
		config := good
		change(&config)
		if _, err := jwks.New(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
