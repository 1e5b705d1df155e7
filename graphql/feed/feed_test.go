package feed_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/feed"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// config is of a feed over an empty ledger.
func config(t *testing.T) feed.Config {
	t.Helper()
	book := domain.CN2024()
	v, err := projections.Open(t.TempDir(), ledger.NewCodec(catalog.New(), "test.example/ledger"), projections.Options{Book: book, Calendar: book.Calendar})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return feed.Config{Views: v, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// answer asks as the principal.
func answer(t *testing.T, c feed.Config, who signin.Principal) *httptest.ResponseRecorder {
	t.Helper()
	h, err := feed.Handler(c)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/hr/records", nil)
	h.ServeHTTP(w, r.WithContext(signin.NewContext(r.Context(), who)))
	return w
}

// The roles are those that the Reader gives whole files to, by their office.
func TestRoles(t *testing.T) {
	c := config(t)
	for _, role := range domain.Roles() {
		want := 403
		if role == domain.RoleHR || role == domain.RoleAuditor || role == domain.RoleInspector {
			want = 200
		}
		if got := answer(t, c, signin.Principal{Subject: "x", Role: role}); got.Code != want {
			t.Errorf("%s: %d, want %d: %s", role, got.Code, want, got.Body)
		}
	}
	h, err := feed.Handler(c)
	if err != nil {
		t.Fatal(err)
	}
	denials := denial.New(denial.Config{Logger: c.Log})
	w := httptest.NewRecorder()
	denials.Watch(h).ServeHTTP(w, httptest.NewRequest("GET", "/hr/records", nil))
	if w.Code != 403 || denials.Counts()["role"] != 1 {
		t.Errorf("nobody: %d, denied %v", w.Code, denials.Counts())
	}
}

func TestTheFeedIsPaidFor(t *testing.T) {
	c := config(t)
	budgets, err := budget.New(budget.Allowances{domain.RolePublic: {PerSecond: 1, Burst: 15, PerOperation: 15}})
	if err != nil {
		t.Fatal(err)
	}
	c.Account = func(p signin.Principal, _ netip.Addr) *budget.Account { return budgets.Account(p.Role, p.Subject) }
	who := signin.Principal{Subject: "li", Role: domain.RoleHR}
	var last *httptest.ResponseRecorder
	for range 3 {
		last = answer(t, c, who)
	}
	if last.Code != 429 || last.Header().Get("Retry-After") == "" || !strings.Contains(last.Body.String(), "BUDGET_EXCEEDED") {
		t.Errorf("%d %v %s", last.Code, last.Header(), last.Body)
	}
	if other := answer(t, c, signin.Principal{Subject: "wang", Role: domain.RoleHR}); other.Code != 200 {
		t.Errorf("another: %d", other.Code)
	}
}

func TestACancelledRequestIsNoInternalError(t *testing.T) {
	c := config(t)
	h, err := feed.Handler(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(signin.NewContext(t.Context(), signin.Principal{Subject: "li", Role: domain.RoleHR}))
	cancel(errors.New("gone"))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/hr/records", nil).WithContext(ctx))
	if w.Code == 500 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
