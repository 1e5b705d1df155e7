package live_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/live"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
)

// counted is a stream that counts up as fast as it is asked, or waits where it
// is quiet.
type counted struct {
	size  int // of an item, in bytes
	quiet bool
	at    uint64
	open  *atomic.Int64
}

func (c *counted) Next(ctx context.Context, patience time.Duration) (*overhttp.Response, error) {
	if c.quiet {
		select {
		case <-time.After(patience):
			c.at += 10
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.at++
	return &overhttp.Response{HasData: true, Data: map[string]any{"n": c.at, "x": strings.Repeat("x", c.size)}}, nil
}
func (c *counted) Position() uint64 { return c.at }
func (c *counted) Close()           { c.open.Add(-1) }

// world is a server whose streams are counted ones: the query "count" counts,
// "large" sends a great deal, "quiet" nothing, anything else is answered.
type world struct {
	*live.Server
	url  string
	http *httptest.Server
	open atomic.Int64
}

func newWorld(t *testing.T, limits live.Limits, opened ...func(net.Conn)) *world {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	w := &world{}
	start := func(ctx context.Context, req overhttp.Request, lastID string) (live.Stream, *overhttp.Response) {
		if _, ok := signin.FromContext(ctx); !ok || !req.ReadOnly {
			t.Error("started without a principal, or to change something")
		}
		c := &counted{open: &w.open}
		switch req.Query {
		case "count":
		case "large":
			c.size = 256 << 10
		case "quiet":
			c.quiet = true
		case "refused":
			return nil, overhttp.Refused(overhttp.NewError("NO", "no"))
		default:
			return nil, &overhttp.Response{HasData: true, Data: map[string]any{"query": req.Query}}
		}
		if lastID != "" {
			fmt.Sscan(lastID, &c.at)
		}
		w.open.Add(1)
		return c, nil
	}
	verify := func(token string) (signin.Principal, error) {
		p := signin.Principal{Subject: token, Role: domain.RoleAuditor}
		switch token {
		case "expired":
			return p, errors.New("the token has expired")
		case "expiring":
			p.Expires = time.Now().Add(300*time.Millisecond - signin.Leeway)
		}
		return p, nil
	}
	server, err := live.New(live.Config{Start: start, Verify: verify, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	w.Server = server
	handler, err := overhttp.New(overhttp.Config{Streams: server, Execute: func(_ context.Context, req overhttp.Request) *overhttp.Response {
		return &overhttp.Response{HasData: true, Data: map[string]any{"query": req.Query}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.http = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		p := signin.Public()
		if token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); token != "" {
			p, _ = verify(token)
		}
		handler.ServeHTTP(rw, r.WithContext(signin.NewContext(r.Context(), p)))
	}))
	// As short as no stream is: each has deadlines of its own.
	w.http.Config.ReadTimeout, w.http.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	w.http.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			for _, f := range opened {
				f(c)
			}
		}
	}
	w.http.Start()
	w.url = w.http.URL
	t.Cleanup(func() {
		w.Close()
		w.http.Close()
		http.DefaultClient.CloseIdleConnections()
		if n := w.open.Load(); n != 0 {
			t.Errorf("%d streams were not closed", n)
		}
		if n := w.Open(); n != 0 {
			t.Errorf("%d streams are counted as open", n)
		}
	})
	return w
}

// follow asks for events and returns the answer.
func (w *world) follow(t *testing.T, query string, headers ...string) *http.Response {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer sun")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// read reads so many lines.
func read(t *testing.T, in *bufio.Reader, lines int) string {
	t.Helper()
	var out strings.Builder
	for range lines {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", out.String(), err)
		}
		out.WriteString(line)
	}
	return out.String()
}

func TestEventStreamsAreByTheProtocol(t *testing.T) {
	w := newWorld(t, live.Limits{KeepAlive: 400 * time.Millisecond})
	response := w.follow(t, "count", "Last-Event-ID", "41")
	for name, want := range map[string]string{"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Encoding": ""} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	in := bufio.NewReader(response.Body)
	want := ":\n\n" + `event: next
id: 42
data: {"data":{"n":42,"x":""}}

event: next
id: 43
`
	if got := read(t, in, 8); got != want {
		t.Errorf("got\n%s", got)
	}
	// A quiet one outlives the deadlines of the server, and says how far it is.
	in = bufio.NewReader(w.follow(t, "quiet").Body)
	if got := read(t, in, 8); got != ":\n\n:\nid: 10\n\n:\nid: 20\n\n" {
		t.Errorf("a quiet stream: %q", got)
	}
	for query, want := range map[string]string{"refused": `{"errors":[{"message":"no","extensions":{"code":"NO"}}]}`, "{ a }": `{"data":{"query":"{ a }"}}`} {
		all, err := io.ReadAll(w.follow(t, query).Body)
		if got := string(all); err != nil || got != ":\n\nevent: next\ndata: "+want+"\n\nevent: complete\ndata: {}\n\n" {
			t.Errorf("%s: %q, %v", query, got, err)
		}
	}
}

func TestWhoMayFollowIsBounded(t *testing.T) {
	w := newWorld(t, live.Limits{Streams: 3, PerSubject: 2})
	status := func(headers ...string) int { return w.follow(t, "quiet", headers...).StatusCode }
	for i, want := range []int{200, 200, 429} {
		if got := status(); got != want {
			t.Errorf("stream %d of one subject: %d, want %d", i+1, got, want)
		}
	}
	if got := status("Authorization", ""); got != 401 {
		t.Errorf("the public: %d", got)
	}
	if got := status("Authorization", "Bearer chen"); got != 200 {
		t.Errorf("another subject: %d", got)
	}
	if got := status("Authorization", "Bearer li"); got != 503 {
		t.Errorf("one too many in all: %d", got)
	}
	if got := w.follow(t, "quiet", "Origin", "https://other.example").StatusCode; got != 403 {
		t.Errorf("a page of another origin: %d", got)
	}
	if got := w.follow(t, "count", "Accept", "application/json, text/event-stream").Header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		t.Errorf("who reads JSON as well is answered with %s", got)
	}
}

// small makes the buffers of a connection so small that nobody who does not
// read takes much.
func small(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(4 << 10)
	}
}

// dozing connects with a small buffer and reads nothing until told.
func (w *world) dozing(t *testing.T, request string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	return conn
}

const largeRequest = "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sun\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"query\":\"large\"}"

func TestWhoReadsSlowlyIsToldWhereToResume(t *testing.T) {
	w := newWorld(t, live.Limits{SlowWrite: 100 * time.Millisecond, DeadWrite: time.Minute}, small)
	conn := w.dozing(t, largeRequest)
	time.Sleep(500 * time.Millisecond) // the write of an item waits for the reader
	all, err := io.ReadAll(conn)
	tail := string(all[max(0, len(all)-400):])
	last := strings.LastIndex(string(all), `{"data":{"n":`)
	var n int
	fmt.Sscanf(string(all[last:]), `{"data":{"n":%d`, &n)
	if err != nil && !errors.Is(err, io.EOF) || !strings.Contains(tail, `"code":"TOO_SLOW"`) || !strings.Contains(tail, fmt.Sprintf(`"position":"%d"`, n)) || !strings.Contains(tail, "event: complete") {
		t.Errorf("item %d was the last; the end: %q, %v", n, tail, err)
	}
}

func TestWhoReadsNothingIsGivenUp(t *testing.T) {
	w := newWorld(t, live.Limits{SlowWrite: 50 * time.Millisecond, DeadWrite: 200 * time.Millisecond}, small)
	w.dozing(t, largeRequest)
	w.await(t, 1)
	w.await(t, 0)
}

// await waits until so many streams run.
func (w *world) await(t *testing.T, n int64) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); w.open.Load() != n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d streams run, want %d", w.open.Load(), n)
		}
	}
}

func TestWhoGoesAwayIsForgotten(t *testing.T) {
	w := newWorld(t, live.Limits{})
	response := w.follow(t, "quiet")
	w.await(t, 1)
	response.Body.Close()
	w.await(t, 0)
	s := w.dial(t)
	s.say(`{"type":"connection_init","payload":{"Authorization":"Bearer sun"}}`, subscribe("1", "quiet"), subscribe("2", "quiet"))
	w.await(t, 2)
	s.say(`{"type":"complete","id":"1"}`)
	w.await(t, 1)
	s.conn.CloseNow()
	w.await(t, 0)
}

func TestAServerThatStopsSaysSo(t *testing.T) {
	w := newWorld(t, live.Limits{})
	events := w.follow(t, "quiet")
	s := w.dial(t)
	s.say(`{"type":"connection_init","payload":{"Authorization":"Bearer sun"}}`, subscribe("1", "quiet"))
	w.await(t, 2)
	go w.Close()
	if code, said := s.closed(t); code != websocket.StatusGoingAway {
		t.Errorf("closed with %d, %v", code, said)
	}
	all, err := io.ReadAll(events.Body)
	if got := string(all); err != nil || !strings.Contains(got, `"code":"UNAVAILABLE"`) || !strings.Contains(got, `resume with after: \"0\"`) || !strings.HasSuffix(got, "event: complete\ndata: {}\n\n") {
		t.Errorf("events: %q, %v", got, err)
	}
	if got := w.follow(t, "quiet").StatusCode; got != 503 {
		t.Errorf("afterwards: %d", got)
	}
}
