package edge

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/graphql/denial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var served = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") })

func newEdge(t testing.TB, c Config) *Edge {
	t.Helper()
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// public is the config of a server that others reach.
var public = Config{
	Hosts: []string{"probity.example", "2001:db8::7"}, Origins: []string{"https://portal.example", "http://localhost:5173"},
	Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/30"), netip.MustParsePrefix("127.0.0.2/32")}, Health: []string{"/healthz"},
}

func TestWhoIsAnswered(t *testing.T) {
	proxy := "10.0.0.1:1"
	tests := []struct {
		name    string
		config  Config
		method  string
		path    string
		host    string
		peer    string
		tls     bool
		headers []string // name, value…
		status  int
		reason  string
		want    []string // header of the answer, value; "" for none
	}{
		{"this machine by name", Config{}, "GET", "/", "localhost:8080", "127.0.0.1:1", false, nil, 200, "", nil},
		{"this machine by address", Config{}, "GET", "/", "[::1]:8080", "[::1]:1", false, nil, 200, "", nil},
		{"another name for this machine", Config{}, "GET", "/", "rebound.example", "127.0.0.1:1", false, nil, 421, "host", nil},
		{"no name", Config{}, "GET", "/", "", "127.0.0.1:1", false, nil, 421, "host", nil},
		{"a probe by any name", Config{Health: []string{"/healthz"}}, "GET", "/healthz", "10.1.2.3:8080", "10.9.9.9:1", false, nil, 200, "", nil},

		{"https", public, "GET", "/", "probity.example", "203.0.113.9:1", true, nil, 200, "", []string{"Strict-Transport-Security", "max-age=31536000"}},
		{"https by a port and in capitals", public, "GET", "/", "Probity.Example:8443", "203.0.113.9:1", true, nil, 200, "", nil},
		{"https by an address", public, "GET", "/", "[2001:db8::7]:8443", "203.0.113.9:1", true, nil, 200, "", nil},
		{"another name", public, "GET", "/", "rebound.example", "203.0.113.9:1", true, nil, 421, "host", nil},
		{"a name that ends like ours", public, "GET", "/", "evilprobity.example", "203.0.113.9:1", true, nil, 421, "host", nil},
		{"localhost from elsewhere", public, "GET", "/", "localhost", "203.0.113.9:1", true, nil, 421, "host", nil},
		{"localhost from here", public, "GET", "/", "localhost", "127.0.0.1:1", false, nil, 200, "", []string{"Strict-Transport-Security", ""}},
		{"plain http from elsewhere", public, "GET", "/", "probity.example", "203.0.113.9:1", false, nil, 403, "plain_http", nil},
		{"plain http from elsewhere that says it is not", public, "GET", "/", "probity.example", "203.0.113.9:1", false, []string{"X-Forwarded-Proto", "https", "X-Forwarded-For", "127.0.0.1"}, 403, "plain_http", nil},
		{"through a proxy", public, "GET", "/", "probity.example", proxy, false, []string{"X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9"}, 200, "", []string{"Strict-Transport-Security", "max-age=31536000"}},
		{"through a proxy that says nothing", public, "GET", "/", "probity.example", proxy, false, nil, 200, "", nil},
		{"plain http to a proxy", public, "GET", "/", "probity.example", proxy, false, []string{"X-Forwarded-Proto", "http"}, 403, "plain_http", nil},
		{"two words of a proxy", public, "GET", "/", "probity.example", proxy, false, []string{"X-Forwarded-Proto", "https", "X-Forwarded-Proto", "http"}, 403, "plain_http", nil},
		{"localhost through a proxy here", public, "GET", "/", "localhost", "127.0.0.2:1", false, nil, 421, "host", nil},

		{"a page of an origin", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "https://portal.example"}, 200, "", []string{"Access-Control-Allow-Origin", "https://portal.example", "Access-Control-Allow-Credentials", "", "Vary", "Origin"}},
		{"a page of another origin", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "https://elsewhere.example"}, 200, "", []string{"Access-Control-Allow-Origin", "", "Vary", "Origin"}},
		{"an origin over http", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "http://portal.example"}, 200, "", []string{"Access-Control-Allow-Origin", ""}},
		{"an origin in capitals", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "https://Portal.example"}, 200, "", []string{"Access-Control-Allow-Origin", ""}},
		{"an origin that begins like one", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "https://portal.example.evil"}, 200, "", []string{"Access-Control-Allow-Origin", ""}},
		{"no origin to speak of", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "null"}, 200, "", []string{"Access-Control-Allow-Origin", ""}},
		{"two origins", public, "POST", "/", "probity.example", "203.0.113.9:1", true, []string{"Origin", "https://portal.example", "Origin", "https://portal.example"}, 200, "", []string{"Access-Control-Allow-Origin", ""}},
		{"without an origin", public, "POST", "/", "probity.example", "203.0.113.9:1", true, nil, 200, "", []string{"Access-Control-Allow-Origin", "", "Vary", "Origin"}},
		{"a preflight", public, "OPTIONS", "/graphql", "probity.example", "203.0.113.9:1", true, []string{"Origin", "http://localhost:5173", "Access-Control-Request-Method", "POST"}, 204, "", []string{
			"Access-Control-Allow-Origin", "http://localhost:5173", "Access-Control-Allow-Methods", corsMethods, "Access-Control-Allow-Headers", corsHeaders, "Access-Control-Allow-Credentials", ""}},
		{"a preflight of another origin", public, "OPTIONS", "/graphql", "probity.example", "203.0.113.9:1", true, []string{"Origin", "https://elsewhere.example", "Access-Control-Request-Method", "POST"}, 403, "cross_origin", []string{"Access-Control-Allow-Origin", ""}},
		{"a preflight where no origin may", Config{}, "OPTIONS", "/graphql", "localhost", "127.0.0.1:1", false, []string{"Origin", "https://elsewhere.example", "Access-Control-Request-Method", "POST"}, 403, "cross_origin", []string{"Access-Control-Allow-Origin", "", "Vary", "Access-Control-Request-Method, Access-Control-Request-Headers"}},
		{"OPTIONS that is no preflight", public, "OPTIONS", "/graphql", "probity.example", "203.0.113.9:1", true, nil, 200, "", nil},
		{"a WebSocket of an origin", public, "GET", "/", "probity.example", "203.0.113.9:1", true, []string{"Upgrade", "WebSocket", "Origin", "https://portal.example"}, 200, "", nil},
		{"a WebSocket of our own page", Config{}, "GET", "/", "localhost:8080", "127.0.0.1:1", false, []string{"Upgrade", "websocket", "Origin", "http://localhost:8080"}, 200, "", nil},
		{"a WebSocket of another port", Config{}, "GET", "/", "localhost:8080", "127.0.0.1:1", false, []string{"Upgrade", "websocket", "Origin", "http://localhost:9090"}, 403, "cross_origin", nil},
		{"a WebSocket of another page", public, "GET", "/", "probity.example", "203.0.113.9:1", true, []string{"Upgrade", "websocket", "Origin", "https://elsewhere.example"}, 403, "cross_origin", nil},
		{"a WebSocket of no page", public, "GET", "/", "probity.example", "203.0.113.9:1", true, []string{"Upgrade", "websocket"}, 200, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, "http://probity.example"+test.path, nil)
			r.Host, r.RemoteAddr = test.host, test.peer
			if test.tls {
				r.TLS = &tls.ConnectionState{}
			}
			for i := 0; i+1 < len(test.headers); i += 2 {
				r.Header.Add(test.headers[i], test.headers[i+1])
			}
			log := denial.New(denial.Config{Logger: slog.New(slog.DiscardHandler)})
			w := httptest.NewRecorder()
			log.Watch(newEdge(t, test.config).Wrap(served)).ServeHTTP(w, r)
			if w.Code != test.status {
				t.Errorf("status %d (%s), want %d", w.Code, strings.TrimSpace(w.Body.String()), test.status)
			}
			for reason := range log.Counts() {
				if reason != test.reason {
					t.Errorf("denied as %q, want %q", reason, test.reason)
				}
			}
			if test.reason != "" && log.Counts()[test.reason] != 1 {
				t.Errorf("not denied as %q", test.reason)
			}
			for i := 0; i+1 < len(test.want); i += 2 {
				if got := strings.Join(w.Header().Values(test.want[i]), "; "); got != test.want[i+1] && !(test.want[i+1] != "" && strings.Contains(got, test.want[i+1])) {
					t.Errorf("%s: %q, want %q", test.want[i], got, test.want[i+1])
				}
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"} {
				if w.Header().Get(name) == "" {
					t.Errorf("the answer has no %s", name)
				}
			}
		})
	}
}

func TestWhereARequestComesFrom(t *testing.T) {
	networks := []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}
	for _, test := range []struct {
		name, peer string
		forwarded  []string
		want       string
		only       int // the status of what is for networks only
	}{
		{"directly", "198.51.100.4:5", nil, "198.51.100.4", 403},
		{"directly, lying", "198.51.100.4:5", []string{"203.0.113.9"}, "198.51.100.4", 403},
		{"from the network", "203.0.113.9:5", nil, "203.0.113.9", 200},
		{"from this machine", "127.0.0.1:5", nil, "127.0.0.1", 200},
		{"IPv4 in IPv6", "[::ffff:203.0.113.9]:5", nil, "203.0.113.9", 200},
		{"through a proxy", "10.0.0.1:5", []string{"203.0.113.9"}, "203.0.113.9", 200},
		{"through two proxies", "10.0.0.1:5", []string{"203.0.113.9, 10.0.0.2"}, "203.0.113.9", 200},
		{"through a proxy, lying before it", "10.0.0.1:5", []string{"203.0.113.9, 198.51.100.4"}, "198.51.100.4", 403},
		{"through a proxy, lying in a line of its own", "10.0.0.1:5", []string{"203.0.113.9", "198.51.100.4"}, "198.51.100.4", 403},
		{"through a proxy, this machine", "10.0.0.1:5", []string{"127.0.0.1"}, "127.0.0.1", 403},
		{"through a proxy that does not say", "10.0.0.1:5", nil, "10.0.0.1", 403},
		{"through a proxy here that does not say", "127.0.0.2:5", nil, "127.0.0.2", 403},
		{"through a proxy that says nonsense", "10.0.0.1:5", []string{"unknown"}, "10.0.0.1", 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEdge(t, public)
			r := httptest.NewRequest("GET", "/metrics", nil)
			r.RemoteAddr = test.peer
			r.Header["X-Forwarded-For"] = test.forwarded
			if got := e.Remote(r); got != test.want {
				t.Errorf("from %s, want %s", got, test.want)
			}
			w := httptest.NewRecorder()
			e.Only(networks, served).ServeHTTP(w, r)
			if w.Code != test.only {
				t.Errorf("status %d, want %d", w.Code, test.only)
			}
		})
	}
}

func TestOnlySoManyAtATime(t *testing.T) {
	e := newEdge(t, Config{MaxRequests: 2, MaxStreams: 1, Health: []string{"/healthz"}})
	hold, begun := make(chan struct{}), make(chan struct{}, 8)
	waiting := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { begun <- struct{}{}; <-hold })
	mux := http.NewServeMux()
	mux.Handle("/slow", waiting)
	mux.Handle("/stream", Stream(waiting))
	mux.Handle("/", served)
	h := e.Wrap(mux)
	ask := func(path string) int {
		r := httptest.NewRequest("GET", path, nil)
		r.Host, r.RemoteAddr = "localhost", "127.0.0.1:1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code == 503 && w.Header().Get("Retry-After") == "" {
			t.Error("nothing says when to ask again")
		}
		return w.Code
	}
	results := make(chan int, 8)
	start := func(path string) { go func() { results <- ask(path) }(); <-begun }
	start("/stream")
	start("/slow") // the stream holds no ordinary place
	if got := ask("/"); got != 200 {
		t.Errorf("one place is free: %d", got)
	}
	start("/slow")
	for path, want := range map[string]int{"/": 503, "/stream": 503, "/healthz": 200} {
		if got := ask(path); got != want {
			t.Errorf("%s while all places are taken: %d, want %d", path, got, want)
		}
	}
	close(hold)
	for range 3 {
		if got := <-results; got != 200 {
			t.Errorf("who had a place: %d", got)
		}
	}
	if r, s := e.requests.Load(), e.streams.Load(); r != 0 || s != 0 {
		t.Errorf("%d and %d places are still taken", r, s)
	}
	if got := ask("/stream"); got != 200 {
		t.Errorf("a stream afterwards: %d", got)
	}
}

func TestOneClientHasAQuarterOfThePlaces(t *testing.T) {
	config := public
	config.MaxRequests = 8
	e := newEdge(t, config)
	hold, begun, results := make(chan struct{}), make(chan struct{}, 8), make(chan int, 8)
	mux := http.NewServeMux()
	mux.Handle("/", served)
	mux.HandleFunc("/slow", func(http.ResponseWriter, *http.Request) { begun <- struct{}{}; <-hold })
	mux.Handle("/stream", Stream(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { begun <- struct{}{}; <-hold })))
	h := e.Wrap(mux)
	ask := func(path, peer string) int {
		r := httptest.NewRequest("GET", "http://probity.example"+path, nil)
		r.RemoteAddr, r.TLS = peer, &tls.ConnectionState{}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	start := func(path, peer string) { go func() { results <- ask(path, peer) }(); <-begun }
	start("/stream", "203.0.113.9:1") // counts for nobody
	start("/slow", "203.0.113.9:2")
	start("/slow", "203.0.113.9:3")
	start("/slow", "[2001:db8::1]:1")
	start("/slow", "[2001:db8::2]:1")
	for peer, want := range map[string]int{"203.0.113.9:4": 503, "203.0.113.10:1": 200, "[2001:db8::3]:1": 503, "[2001:db8:0:1::3]:1": 200} {
		if got := ask("/", peer); got != want {
			t.Errorf("%s: %d, want %d", peer, got, want)
		}
	}
	close(hold)
	for range 5 {
		if got := <-results; got != 200 {
			t.Errorf("who had a place: %d", got)
		}
	}
	if len(e.clients.n) != 0 || e.requests.Load() != 0 || e.streams.Load() != 0 {
		t.Errorf("places are still taken: %v", e.clients.n)
	}
	if got := ask("/", "203.0.113.9:4"); got != 200 {
		t.Errorf("afterwards: %d", got)
	}
}

func TestABodyIsReadUpToItsLimit(t *testing.T) {
	h := newEdge(t, Config{}).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		}
	}))
	for size, want := range map[int]int{MaxBody: 200, MaxBody + 1: 413} {
		r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(strings.Repeat("x", size)))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%d bytes: %d, want %d", size, w.Code, want)
		}
	}
}

// deadlines notes what a handler's connection was given.
type deadlines struct {
	*httptest.ResponseRecorder
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = append(d.read, t); return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { d.write = append(d.write, t); return nil }

func TestRequestsHaveTheirTimeAndStreamsHaveNone(t *testing.T) {
	e := newEdge(t, Config{})
	log := denial.New(denial.Config{Logger: slog.New(slog.DiscardHandler)})
	for name, h := range map[string]http.Handler{"request": served, "stream": Stream(served)} {
		r := httptest.NewRequest("GET", "http://localhost/", nil)
		w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
		start := time.Now()
		log.Watch(e.Wrap(h)).ServeHTTP(w, r)
		if len(w.read) == 0 || len(w.write) == 0 {
			t.Fatalf("%s: no deadline was set", name)
		}
		read, write := w.read[len(w.read)-1], w.write[len(w.write)-1]
		if endless := read.IsZero() && write.IsZero(); endless != (name == "stream") {
			t.Errorf("%s: read until %v, write until %v", name, read, write)
		}
		if name == "request" && (read.Sub(start).Round(time.Second) != ReadTimeout || write.Sub(start).Round(time.Second) != WriteTimeout) {
			t.Errorf("read until %v, write until %v after %v", read, write, start)
		}
	}
}

// A deadline of one request does not end a later one on the same connection.
func TestAStreamAfterARequestOnOneConnection(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/", served)
	mux.Handle("/stream", Stream(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "event")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-r.Context().Done() // the client leaves
	})))
	server := httptest.NewServer(newEdge(t, Config{}).Wrap(mux))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
	reader := bufio.NewReader(conn)
	for _, want := range []string{"served", "event"} {
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		line, _ := bufio.NewReader(res.Body).ReadString('\n')
		if strings.TrimSpace(line) != want {
			t.Errorf("got %q, want %q", line, want)
		}
	}
	conn.Close()
}

func TestAConfigThatCannotBe(t *testing.T) {
	for _, c := range []Config{
		{Hosts: []string{""}}, {Hosts: []string{"https://probity.example"}}, {Hosts: []string{"probity.example:443"}},
		{Hosts: []string{"*.example"}}, {Hosts: []string{"probity.example/x"}}, {Hosts: []string{"probity.example."}}, {Hosts: []string{"[2001:db8::7]"}},
		{Origins: []string{"*"}}, {Origins: []string{"null"}}, {Origins: []string{"portal.example"}}, {Origins: []string{"https://portal.example/"}},
		{Origins: []string{"https://Portal.example"}}, {Origins: []string{"https://portal.example:443"}}, {Origins: []string{"https://*.example"}},
		{Origins: []string{"ftp://portal.example"}}, {Origins: []string{"https://u@portal.example"}}, {MaxRequests: -1}, {MaxStreams: -1},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("accepted: %+v", c)
		}
	}
}

func TestUploadsMayBeLonger(t *testing.T) {
	read := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		fmt.Fprint(w, n)
	})
	for _, tt := range []struct {
		name    string
		handler http.Handler
		size    int
		status  int
	}{
		{"any", read, MaxBody, 200}, {"any, too long", read, MaxBody + 1, 413},
		{"an upload", Upload(2*MaxBody, read), 2 * MaxBody, 200}, {"an upload, too long", Upload(2*MaxBody, read), 2*MaxBody + 1, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(strings.Repeat("x", tt.size)))
			r.RemoteAddr = "127.0.0.1:1"
			newEdge(t, Config{}).Wrap(tt.handler).ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("%d after %s bytes", w.Code, w.Body)
			}
		})
	}
	w := httptest.NewRecorder() // without an edge around it
	Upload(5, read).ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader("short")))
	if w.Code != 200 {
		t.Errorf("without an edge: %d", w.Code)
	}
}

func TestWhomARequestCountsFor(t *testing.T) {
	e := newEdge(t, public)
	for _, tt := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9/32"}, {"[2001:db8:1:2:3::4]:1", "", "2001:db8:1:2::/64"}, {"127.0.0.1:1", "", "invalid Prefix"}, {"@", "", "invalid Prefix"},
		{"10.0.0.1:1", "203.0.113.9", "203.0.113.9/32"}, {"10.0.0.1:1", "", "invalid Prefix"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.peer
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := e.Counted(r).String(); got != tt.want {
			t.Errorf("%s for %q counts for %s, want %s", tt.peer, tt.forwarded, got, tt.want)
		}
	}
}
