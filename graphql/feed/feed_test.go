package feed_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/feed"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func codecOf() *ledger.Codec { return ledger.NewCodec(catalog.New(), "test.example/ledger") }

// config is of a feed over an empty ledger.
func config(t testing.TB) feed.Config {
	t.Helper()
	book := domain.CN2024()
	v, err := projections.Open(t.TempDir(), codecOf(), projections.Options{Book: book, Calendar: book.Calendar})
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

// answer asks as the principal; headers are names and values.
func answer(t *testing.T, c feed.Config, who signin.Principal, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := feed.Handler(c)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/hr/records", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
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

var hr = signin.Principal{Subject: "li", Role: domain.RoleHR, Units: []domain.UnitID{projections.AllUnits}}

// away tells of an answer that says when to ask again.
func away(t *testing.T, what, code string, got *httptest.ResponseRecorder) {
	t.Helper()
	if got.Code != 503 || got.Header().Get("Retry-After") == "" || !strings.Contains(got.Body.String(), code) || got.Header().Get("Probity-Cursor") != "" {
		t.Errorf("%s: %d %v %s", what, got.Code, got.Header(), got.Body)
	}
}

// Views that show nothing of what there is are no empty ledger: whoever loads
// the answer would think that nobody is there.
func TestViewsThatAreBehindAreNotTakenForAnEmptyLedger(t *testing.T) {
	c := config(t)
	c.Head = func(context.Context) (ledger.Position, error) { return 3, nil }
	c.Patience = time.Millisecond
	away(t, "behind", "VIEWS_BEHIND", answer(t, c, hr))
	c.Head = func(context.Context) (ledger.Position, error) { return 0, errors.New("the store is away") }
	away(t, "nobody knows", "UNAVAILABLE", answer(t, c, hr))
	c.Head = func(context.Context) (ledger.Position, error) { return 0, nil }
	if got := answer(t, c, hr); got.Code != 200 {
		t.Errorf("over an empty ledger: %d %s", got.Code, got.Body)
	}
	// They come while the request waits.
	store, record := recording(t)
	record(domain.RoleImporter, "P1", officer.Import{FullName: "王芳", Unit: "hq"})
	c.Patience, c.Head = time.Minute, func(context.Context) (ledger.Position, error) {
		go func() { _ = c.Views.CatchUp(context.Background(), store, nil) }() // what it fails with shows in the answer
		return 1, nil
	}
	if got := answer(t, c, hr); got.Code != 200 || !strings.Contains(got.Body.String(), "王芳") {
		t.Errorf("once the views have come: %d %s", got.Code, got.Body)
	}
}

func TestViewsOfAnotherVersionAreNotShownAsEmpty(t *testing.T) {
	c := config(t)
	url, book := pgtest.Database(t), domain.CN2024()
	open := func() *projections.Views {
		v, err := projections.Open(t.TempDir(), codecOf(), projections.Options{Book: book, Calendar: book.Calendar, Postgres: url})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if err := open().Close(); err != nil {
		t.Fatal(err)
	}
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(t.Context(), "UPDATE probity.projections SET version = 99")
	if err := errors.Join(err, db.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	c.Views = open()
	t.Cleanup(func() { _ = c.Views.Close() })
	away(t, "of another version", "UNAVAILABLE", answer(t, c, hr))
}

// Whoever has read nothing cannot find out what there is by asking whether it
// is so.
func TestNobodyIsToldThatWhatTheyNeverReadIsUnchanged(t *testing.T) {
	c := config(t)
	body := sha256.Sum256(nil)
	for _, tag := range []string{"*", `W/"` + hex.EncodeToString(body[:16]) + `"`} {
		if got := answer(t, c, hr, "If-None-Match", tag); got.Code != 200 {
			t.Errorf("%s: %d", tag, got.Code)
		}
	}
	tag := answer(t, c, hr).Header().Get("ETag")
	if got := answer(t, c, hr, "If-None-Match", tag); got.Code != 304 {
		t.Errorf("its own tag: %d", got.Code)
	}
	if got := answer(t, c, hr, "If-None-Match", tag, "Accept", "text/csv"); got.Code != 200 {
		t.Errorf("the tag of other lines: %d", got.Code)
	}
}
