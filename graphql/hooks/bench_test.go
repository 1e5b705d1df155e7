package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// book is a ledger with views, and a keeper in memory.
type book struct {
	t        *testing.T
	store    ledger.Store
	codec    *ledger.Codec
	recorder *ledger.Recorder
	views    *projections.Views
	memory   *memory

	mu    sync.Mutex
	noted map[domain.OfficerID]int
	fails error // of noting
}

func newBook(t *testing.T) *book {
	t.Helper()
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	rules, clock := domain.CN2024(), time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	b := &book{t: t, store: ledgertest.NewMemory(), codec: ledger.NewCodec(catalog.New(), "test.example/ledger"), memory: newMemory(), noted: map[domain.OfficerID]int{}}
	b.recorder = ledger.NewRecorder(ledger.RecorderConfig{Store: b.store, Signer: signer, Codec: b.codec, Book: rules, Now: func() time.Time {
		clock = clock.Add(time.Second)
		return clock
	}})
	if b.views, err = projections.Open(t.TempDir(), b.codec, projections.Options{Book: rules, Calendar: rules.Calendar}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.views.Close(); err != nil { // the store is in memory, and of the bubble
			t.Error(err)
		}
	})
	b.do("hq", unit.Establish{UnitName: "海关", UnitKind: "agency"})
	b.do("d2", unit.Establish{UnitName: "other", UnitKind: "agency"})
	return b
}

// do records a command.
func (b *book) do(subject string, c domain.Command) {
	b.t.Helper()
	_, err := b.recorder.Record(b.t.Context(), domain.Instruction{ID: "do " + string(c.Name()) + subject, Command: c, Act: domain.Act{Subject: subject, Actor: "hr-li", Role: domain.RoleHR}})
	if err == nil {
		err = b.views.CatchUp(b.t.Context(), b.store, nil)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) enroll(id string) { b.do(id, officer.Enroll{FullName: "张 " + id, Unit: "hq"}) }

func (b *book) note(_ context.Context, who projections.Principal, id domain.OfficerID, why string, _ time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if who.Subject != "webhook:pay" || !who.Machine || why != "webhook" {
		b.t.Errorf("noted for %+v, %q", who, why)
	}
	if b.fails == nil {
		b.noted[id]++
	}
	return b.fails
}

// hook is what most tests send with.
func hook(t *testing.T) Hook {
	t.Helper()
	keys, err := ParseKeys(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	return Hook{Name: "pay", URL: "https://pay.example/in", Keys: keys, Role: domain.RoleHR, Units: []domain.UnitID{"hq"}, Kinds: []domain.Kind{"officer.enrolled.v1"}}
}

// start runs hooks against the network until the test or stop ends it.
func (b *book) start(net *network, hooks ...Hook) (*Service, func()) {
	b.t.Helper()
	s, err := New(Config{Hooks: hooks, Views: b.views, Codec: b.codec, Keeper: b.memory, Note: b.note, Log: slog.New(slog.DiscardHandler), dial: net.dial})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.run(s)
}

func (b *book) run(s *Service) (*Service, func()) {
	for _, r := range s.runners { // the pipes have no TLS
		r.sender.hook.URL = strings.Replace(r.sender.hook.URL, "https:", "http:", 1)
	}
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	synctest.Wait()
	return s, func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			b.t.Errorf("Run ends with %v", err)
		}
	}
}

// network is pipes to receivers by their address.
type network struct {
	t       *testing.T
	servers map[string]*receiver
}

// receiver takes messages, or does not.
type receiver struct {
	handle func(w http.ResponseWriter, r *http.Request, n int) // nil takes all
	raw    func(net.Conn)                                      // in place of HTTP

	mu       sync.Mutex
	attempts []attempt
	conns    chan net.Conn
}

// attempt is one request.
type attempt struct {
	at     time.Time
	id     string
	header http.Header
	body   []byte
}

func newNetwork(t *testing.T, receivers map[string]*receiver) (*network, func()) {
	n := &network{t, receivers}
	var stops []func()
	for _, r := range receivers {
		if r.raw != nil {
			continue
		}
		r.conns = make(chan net.Conn)
		l := &pipes{conns: r.conns, closed: make(chan struct{})}
		srv := &http.Server{Handler: r, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
		go srv.Serve(l)
		stops = append(stops, func() { srv.Close() })
	}
	return n, func() {
		for _, stop := range stops {
			stop()
		}
	}
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	r := n.servers[host]
	if r == nil {
		return nil, errors.New("connection refused")
	}
	near, far := net.Pipe()
	if r.raw != nil {
		r.take(nil, nil)
		go r.raw(far)
		return near, nil
	}
	select {
	case r.conns <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (r *receiver) take(req *http.Request, body []byte) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := attempt{at: time.Now(), body: body}
	if req != nil {
		a.id, a.header = req.Header.Get("webhook-id"), req.Header
	}
	r.attempts = append(r.attempts, a)
	return len(r.attempts)
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	if n := r.take(req, body); r.handle != nil {
		r.handle(w, req, n)
	}
}

func (r *receiver) got() []attempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.attempts)
}

// subjects are those of all requests, in order.
func (r *receiver) subjects(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, a := range r.got() {
		var e struct{ Subject string }
		if err := json.Unmarshal(a.body, &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Subject)
	}
	return out
}

// memory keeps states.
type memory struct {
	mu     sync.Mutex
	states map[string]State
	asks   map[string]Ask
	saves  int
	fails  error
	unread error // of asks
}

func newMemory() *memory { return &memory{states: map[string]State{}, asks: map[string]Ask{}} }

func (m *memory) Load(_ context.Context, name string) (State, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.states[name]
	return s, ok, m.fails
}

func (m *memory) Save(_ context.Context, name string, s State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails == nil {
		m.states[name] = s
		m.saves++
	}
	return m.fails
}

func (m *memory) Reach(_ context.Context, name string, p ledger.Position) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.states[name]
	s.Position = p
	m.states[name] = s
	return m.fails
}

func (m *memory) Ask(_ context.Context, name string, a Ask) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asks[name] = Join(m.asks[name], a)
	return nil
}

func (m *memory) Asked(_ context.Context, name string) (Ask, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.asks[name]
	return a, ok, m.unread
}

func (m *memory) Answered(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.asks, name)
	return nil
}

func (m *memory) state(name string) State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.states[name]
}

// P numbers officers.
func p(n int) string { return "P" + strconv.Itoa(n) }

func (b *book) notes() []domain.OfficerID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.noted))
}

// rarely is how often hooks look for what is asked that run for days.
const rarely = time.Minute

// startUnnoted is start for hooks of several names, which run for days.
func (b *book) startUnnoted(net *network, hooks ...Hook) (*Service, func()) {
	b.t.Helper()
	s, err := New(Config{Hooks: hooks, Views: b.views, Codec: b.codec, Keeper: b.memory, Log: slog.New(slog.DiscardHandler), dial: net.dial, poll: rarely})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.run(s)
}
