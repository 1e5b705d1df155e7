package graphql_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/graphql/live"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/projections"
)

// streamed is an agency whose views follow what is recorded, and which is served
// over HTTP.
type streamed struct {
	*agency
	issuer *signin.Issuer
	server *httptest.Server
}

// newStreamed serves the agency until the test ends, and sees that nothing is
// left running then.
func newStreamed(t *testing.T, limits live.Limits) *streamed {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	a := newAgency(t)
	issuer := ok(signin.OpenIssuer(t.TempDir() + "/issuer.pem"))
	verifier := ok(issuer.Verifier())
	streams := ok(a.service.Streams(verifier.Verify, limits))
	handler := ok(a.service.Handler(streams))
	s := &streamed{a, issuer, httptest.NewServer(signin.Require(verifier, signin.AllowPublic())(handler))}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = a.views.Run(ctx, a.store) // ends with ctx
	}()
	t.Cleanup(func() {
		streams.Close()
		s.server.Close()
		http.DefaultClient.CloseIdleConnections()
		cancel()
		<-done
	})
	return s
}

func (s *streamed) token(who projections.Principal) string {
	token, _, err := s.issuer.Mint(signin.Grant{Subject: who.Subject, Role: who.Role, Units: who.Units})
	return ok(token, err)
}

// settle waits until the views show what was recorded.
func (s *streamed) settle(at uint64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		if now := ok(s.views.Position(ctx)); uint64(now) >= at {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// got is one result that a client was sent.
type got struct {
	id   string // of an event stream
	data map[string]map[string]any
	errs []struct {
		Message    string
		Extensions map[string]any
	}
	raw string
}

// position is that of the item.
func (g got) position() string {
	for _, item := range g.data {
		s, _ := item["position"].(string)
		return s
	}
	return ""
}

// kind is the kind of the item's event.
func (g got) kind() string {
	for _, item := range g.data {
		if entry, is := item["entry"].(map[string]any); is {
			item = entry
		}
		if event, is := item["event"].(map[string]any); is {
			s, _ := event["kind"].(string)
			return s
		}
	}
	return ""
}

func parseGot(raw []byte) (g got) {
	var wire struct {
		Data   map[string]map[string]any
		Errors json.RawMessage
	}
	g.raw = string(raw)
	if err := json.Unmarshal(raw, &wire); err != nil {
		panic(fmt.Sprintf("%s: %v", raw, err))
	}
	if wire.Errors != nil {
		if err := json.Unmarshal(wire.Errors, &g.errs); err != nil {
			panic(err)
		}
	}
	g.data = wire.Data
	return g
}

// follower is a client that follows one subscription.
type follower struct {
	results chan got // closed at the end
	end     *string  // what was said at the end, once results is closed
	stop    func()   // and wait
}

// next is the next result; the test fails when none comes.
func (f *follower) next(t *testing.T) got {
	t.Helper()
	select {
	case g, open := <-f.results:
		if !open {
			t.Fatalf("the stream has ended: %s", *f.end)
		}
		return g
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
	}
	return got{}
}

// ended is what was said at the end.
func (f *follower) ended(t *testing.T) string {
	t.Helper()
	select {
	case g, open := <-f.results:
		if open {
			t.Fatalf("another result: %s", g.raw)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the stream did not end")
	}
	return *f.end
}

// transports are the two ways to follow.
var transports = map[string]func(*streamed, projections.Principal, string) *follower{
	"server-sent events": func(s *streamed, who projections.Principal, query string) *follower {
		return s.overEvents(who, query, "")
	},
	"websocket": (*streamed).overSocket,
}

func begin(run func(ctx context.Context, results chan<- got) string) *follower {
	ctx, cancel := context.WithCancel(context.Background())
	f := &follower{results: make(chan got, 1000), end: new(string)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		*f.end = run(ctx, f.results)
		close(f.results)
	}()
	f.stop = func() { cancel(); <-done }
	return f
}

func streamBody(query string) []byte { return ok(json.Marshal(map[string]string{"query": query})) }

func (s *streamed) overEvents(who projections.Principal, query, lastID string) *follower {
	started := make(chan struct{})
	f := begin(func(ctx context.Context, results chan<- got) string {
		defer func() {
			select {
			case <-started:
			default:
				close(started)
			}
		}()
		r := ok(http.NewRequestWithContext(ctx, http.MethodPost, s.server.URL, bytes.NewReader(streamBody(query))))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "text/event-stream")
		if who.Subject != "" {
			r.Header.Set("Authorization", "Bearer "+s.token(who))
		}
		if lastID != "" {
			r.Header.Set("Last-Event-ID", lastID)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return err.Error()
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			raw, _ := io.ReadAll(response.Body)
			return fmt.Sprintf("%d %s", response.StatusCode, raw)
		}
		var event, id, data string
		for lines := bufio.NewReader(response.Body); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return "cut"
			}
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch name {
			case ":":
				if event == "" { // the first one follows the headers, when the stream is open
					select {
					case <-started:
					default:
						close(started)
					}
				}
			case "event":
				event = value
			case "id":
				id = value
			case "data":
				data = value
			case "":
				if event == "complete" {
					return "complete"
				}
				if event == "next" {
					g := parseGot([]byte(data))
					g.id = id
					results <- g
				}
				event, data = "", ""
			}
		}
	})
	<-started
	return f
}

func (s *streamed) overSocket(who projections.Principal, query string) *follower {
	started := make(chan struct{})
	f := begin(func(ctx context.Context, results chan<- got) string {
		defer close(started)
		conn, _, err := websocket.Dial(ctx, strings.Replace(s.server.URL, "http", "ws", 1), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			return err.Error()
		}
		defer conn.CloseNow()
		conn.SetReadLimit(1 << 20)
		say := func(m map[string]any) { _ = conn.Write(ctx, websocket.MessageText, ok(json.Marshal(m))) }
		payload := map[string]any{}
		if who.Subject != "" {
			payload["Authorization"] = "Bearer " + s.token(who)
		}
		say(map[string]any{"type": "connection_init", "payload": payload})
		said := false
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				return fmt.Sprint(websocket.CloseStatus(err), " ", err)
			}
			var m struct {
				Type    string
				Payload json.RawMessage
			}
			if err := json.Unmarshal(raw, &m); err != nil {
				panic(err)
			}
			switch m.Type {
			case "connection_ack":
				say(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]string{"query": query}})
				say(map[string]any{"type": "ping"})
			case "pong":
				if !said {
					said = true
					started <- struct{}{}
				}
			case "next":
				results <- parseGot(m.Payload)
			case "error":
				results <- parseGot([]byte(`{"errors":` + string(m.Payload) + `}`))
				return "error"
			case "complete":
				return "complete"
			}
		}
	})
	<-started
	return f
}
