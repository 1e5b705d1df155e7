package house

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/graphql/hooks/hookstest"
	"github.com/probity-ledger/probity/projections"
)

func TestWebhooksAreKeptInTheFolder(t *testing.T) {
	dir := t.TempDir()
	f := newHookFolder(dir)
	defer f.close()
	hookstest.Run(t, f, func() hooks.Keeper { return newHookFolder(dir) })
	// What a crash leaves of the first Save is nothing.
	if err := os.Remove(filepath.Join(dir, hooksDir, "pay.position")); err != nil {
		t.Fatal(err)
	}
	if _, found, err := newHookFolder(dir).Load(t.Context(), "pay"); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	// What is spoilt is said, and is no new beginning.
	if err := os.WriteFile(filepath.Join(dir, hooksDir, "pay.position"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := newHookFolder(dir).Load(t.Context(), "pay"); err == nil {
		t.Error("a spoilt position is taken")
	}
}

// What another user asks, such as root, the server can read; what is spoilt is
// said with its path.
func TestWhatIsAskedOfAWebhookCanBeRead(t *testing.T) {
	f := newHookFolder(t.TempDir())
	if err := f.Ask(t.Context(), "pay", hooks.Ask{Retry: true}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(f.path("pay", hookAsk))
	if err != nil || info.Mode().Perm()&0o044 != 0o044 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(f.path("pay", hookAsk), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := f.Asked(t.Context(), "pay"); err == nil || !strings.Contains(err.Error(), f.path("pay", hookTaken)) {
			t.Errorf("what is spoilt is read with %v", err)
		}
	}
}

// hooked is a receiver over TLS.
type hooked struct {
	*httptest.Server
	hook hooks.Hook

	mu     sync.Mutex
	bodies []string
	status int
	more   chan struct{}
}

func newHooked(t *testing.T) *hooked {
	t.Helper()
	r := &hooked{status: 200, more: make(chan struct{}, 100)}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies = append(r.bodies, req.Header.Get("webhook-id")+" "+string(body))
		w.WriteHeader(r.status)
		r.more <- struct{}{}
	}))
	t.Cleanup(r.Close)
	keys, err := hooks.ParseKeys("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDk8Ly9nZgZqU=")
	if err != nil {
		t.Fatal(err)
	}
	r.hook = hooks.Hook{Name: "pay", URL: r.URL, Keys: keys, Role: domain.RoleHR, Units: []domain.UnitID{"hq"}, Kinds: []domain.Kind{"officer.enrolled.v1"},
		Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: r.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	return r
}

// wait waits for so many messages.
func (r *hooked) wait(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-r.more:
		case <-time.After(10 * time.Second):
			t.Fatal("nothing comes")
		}
	}
}

func until(t *testing.T, so func() bool) {
	t.Helper()
	for range 10_000 {
		if so() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it does not come to be so")
}

// withHooks runs a house with its views and webhooks, as serve does.
func withHooks(t *testing.T, dir string, r *hooked, do func(h *House)) {
	t.Helper()
	h, err := Open(Config{Dir: dir, Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.OpenHooks([]hooks.Hook{r.hook}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = h.Views.Run(ctx, h.Store) })
	running.Go(func() {
		if err := h.RunHooks(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("RunHooks ends with %v", err)
		}
	})
	do(h)
	cancel()
	running.Wait()
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

func enroll(t *testing.T, h *House, id string) {
	t.Helper()
	if _, err := h.Recorder.Record(t.Context(), domain.Instruction{ID: "enrol " + id, Command: officer.Enroll{FullName: id, Unit: "hq"},
		Act: domain.Act{Subject: id, Actor: "li", Role: domain.RoleHR}}); err != nil {
		t.Fatal(err)
	}
}

// A webhook goes on where the last process ended; each officer it names is
// noted as read; and it survives a backup as part of the folder.
func TestWebhooksGoOn(t *testing.T) {
	dir, r := t.TempDir(), newHooked(t)
	withHooks(t, dir, r, func(h *House) {
		establish(t, h, "hq")
		until(t, func() bool { // it has begun
			_, found, err := newHookFolder(dir).Load(t.Context(), "pay")
			return found && err == nil
		})
		enroll(t, h, "P1")
		r.wait(t, 1)
		until(t, func() bool { return h.hooks.Status()[0].Delivered == 1 })
		web, err := h.Web(slog.New(slog.DiscardHandler), "")
		if err != nil {
			t.Fatal(err)
		}
		defer web.Close()
		w, req := httptest.NewRecorder(), httptest.NewRequest("GET", "http://localhost/metrics", nil)
		req.RemoteAddr = "127.0.0.1:9"
		web.ServeHTTP(w, req)
		for _, want := range []string{`probity_webhook_failures_total{webhook="pay"} 0`, `probity_webhook_dead{webhook="pay"} 0`, `probity_webhook_stopped{webhook="pay"} 0`} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("/metrics has no %s", want)
			}
		}
	})
	r.status = 503
	withHooks(t, dir, r, func(h *House) { // what fails is not forgotten
		enroll(t, h, "P2")
		r.wait(t, 1)
		until(t, func() bool { return h.hooks.Status()[0].Failed == 1 })
	})
	r.status = 200
	keeper, origin, done, err := HookKeeper(t.Context(), Config{Dir: dir})
	if err != nil || !strings.HasPrefix(origin, "probity.local/") {
		t.Fatal(origin, err)
	}
	defer done()
	if s, found, err := keeper.Load(t.Context(), "pay"); err != nil || !found || s.Attempt.Count != 1 {
		t.Errorf("%+v, %v, %v", s, found, err)
	}
	if err := keeper.Ask(t.Context(), "pay", hooks.Ask{Retry: true}); err != nil {
		t.Fatal(err)
	}
	withHooks(t, dir, r, func(h *House) {
		r.wait(t, 1)
		enroll(t, h, "P3")
		r.wait(t, 1)
		until(t, func() bool { return h.hooks.Status()[0].Delivered == 2 })
	})
	if len(r.bodies) != 4 || r.bodies[1] != r.bodies[2] || slices.Contains(r.bodies[1:2], r.bodies[0]) {
		t.Errorf("%d messages came", len(r.bodies))
	}
	for i, id := range []string{"P1", "P2", "P2", "P3"} {
		if !strings.Contains(r.bodies[i], `"subject":"`+id+`"`) {
			t.Errorf("message %d is %s, want %s", i, r.bodies[i], id)
		}
	}

	h, err := Open(Config{Dir: dir, Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	of, err := h.Views.As(projections.Principal{Subject: "P2", Role: domain.RoleOfficer}).FileReadings(t.Context(), []domain.OfficerID{"P2"})
	if err != nil || len(of["P2"]) == 0 || of["P2"][0].By != "webhook:pay" || of["P2"][0].Why != "webhook" {
		t.Errorf("noted are %+v, %v", of["P2"], err)
	}
}
