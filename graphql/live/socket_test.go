package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/probity-ledger/probity/graphql/live"
)

// client is a WebSocket as a test speaks on it.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (w *world) dial(t *testing.T, headers ...string) *client {
	t.Helper()
	options := &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{}}
	for i := 0; i < len(headers); i += 2 {
		options.HTTPHeader.Set(headers[i], headers[i+1])
	}
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(w.url, "http", "ws", 1), options)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { conn.CloseNow() })
	return &client{t, conn}
}

func (c *client) say(messages ...string) {
	for _, m := range messages {
		// What the server no longer reads shows in how it closes.
		_ = c.conn.Write(c.t.Context(), websocket.MessageText, []byte(m))
	}
}

func (c *client) hear() (string, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	defer cancel()
	_, raw, err := c.conn.Read(ctx)
	return string(raw), err
}

// closed reads until the socket closes, and returns what was said before.
func (c *client) closed(t *testing.T) (websocket.StatusCode, []string) {
	t.Helper()
	var said []string
	for {
		m, err := c.hear()
		if err != nil {
			return websocket.CloseStatus(err), said
		}
		said = append(said, m)
	}
}

const hello = `{"type":"connection_init","payload":{"Authorization":"Bearer sun"}}`

func subscribe(id, query string) string {
	return fmt.Sprintf(`{"type":"subscribe","id":%q,"payload":{"query":%q}}`, id, query)
}

func TestSocketsAreByTheProtocol(t *testing.T) {
	w := newWorld(t, live.Limits{})
	c := w.dial(t)
	c.say(hello, `{"type":"ping"}`, `{"type":"ping","payload":{"a":1}}`, `{"type":"pong"}`, subscribe("é\"", "{ a }"))
	for _, want := range []string{`{"type":"connection_ack"}`, `{"type":"pong"}`, `{"type":"pong"}`,
		`{"type":"next","id":"é\"","payload":{"data":{"query":"{ a }"}}}`, `{"type":"complete","id":"é\""}`} {
		if got, err := c.hear(); got != want || err != nil {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	c.say(subscribe("é\"", "refused")) // the id is free again
	if got, _ := c.hear(); got != `{"type":"error","id":"é\"","payload":[{"message":"no","extensions":{"code":"NO"}}]}` {
		t.Error(got)
	}
	c.say(subscribe("1", "count"))
	for n := range 3 {
		if got, _ := c.hear(); got != fmt.Sprintf(`{"type":"next","id":"1","payload":{"data":{"n":%d,"x":""}}}`, n+1) {
			t.Error(got)
		}
	}
	c.say(`{"type":"complete","id":"1"}`, `{"type":"complete","id":"never"}`)
	w.await(t, 0)
}

func TestSocketsAreClosedWithTheCodesOfTheProtocol(t *testing.T) {
	w := newWorld(t, live.Limits{InitWait: 300 * time.Millisecond, MessageBytes: 1000})
	for _, c := range []struct {
		name string
		say  []string
		want websocket.StatusCode
	}{
		{"no JSON", []string{`{`}, 4400},
		{"no object", []string{`[]`}, 4400},
		{"a type there is none of", []string{`{"type":"start","id":"1"}`}, 4400},
		{"a type that servers send", []string{`{"type":"next","id":"1"}`}, 4400},
		{"a member twice", []string{`{"type":"ping","type":"pong"}`}, 4400},
		{"an unknown member", []string{`{"type":"ping","more":1}`}, 4400},
		{"a subscription without id", []string{hello, `{"type":"subscribe","payload":{"query":"count"}}`}, 4400},
		{"a subscription without query", []string{hello, `{"type":"subscribe","id":"1","payload":{}}`}, 4400},
		{"a subscription without payload", []string{hello, `{"type":"subscribe","id":"1"}`}, 4400},
		{"an id too long", []string{hello, subscribe(strings.Repeat("x", 257), "count")}, 4400},
		{"nothing at all", nil, 4408},
		{"pings alone", []string{`{"type":"ping"}`}, 4408},
		{"a subscription before", []string{subscribe("1", "count")}, 4401},
		{"nobody", []string{`{"type":"connection_init"}`}, 4403},
		{"a token that is refused", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer expired"}}`}, 4403},
		{"another scheme", []string{`{"type":"connection_init","payload":{"authorization":"Basic c3Vu"}}`}, 4403},
		{"two tokens", []string{`{"type":"connection_init","payload":{"authorization":"Bearer a","Authorization":"Bearer b"}}`}, 4400},
		{"twice", []string{hello, hello}, 4429},
		{"an id that is taken", []string{hello, subscribe("1", "quiet"), subscribe("1", "quiet")}, 4409},
		{"a message too long", []string{hello, subscribe("1", strings.Repeat("x", 1000))}, websocket.StatusMessageTooBig},
		{"a token that expires", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer expiring"}}`}, 4401},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := w.dial(t)
			s.say(c.say...)
			if got, said := s.closed(t); got != c.want {
				t.Errorf("closed with %d after %q, want %d", got, said, c.want)
			}
		})
	}
	t.Run("binary", func(t *testing.T) {
		s := w.dial(t)
		_ = s.conn.Write(t.Context(), websocket.MessageBinary, []byte(hello))
		if got, _ := s.closed(t); got != 4400 {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("another subprotocol", func(t *testing.T) {
		conn, _, err := websocket.Dial(t.Context(), strings.Replace(w.url, "http", "ws", 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		if got, _ := (&client{t, conn}).closed(t); got != 4406 {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("one too many", func(t *testing.T) {
		w := newWorld(t, live.Limits{PerSubject: 1})
		first, second := w.dial(t), w.dial(t)
		first.say(hello)
		if got, err := first.hear(); err != nil {
			t.Fatal(got, err)
		}
		second.say(hello)
		if got, _ := second.closed(t); got != websocket.StatusTryAgainLater {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("a page of another origin", func(t *testing.T) {
		_, response, err := websocket.Dial(t.Context(), strings.Replace(w.url, "http", "ws", 1), &websocket.DialOptions{
			Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {"https://other.example"}}})
		if err == nil || response == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("%v, %v", response, err)
		}
	})
}

func TestOperationsOnOneSocketAreBounded(t *testing.T) {
	w := newWorld(t, live.Limits{Operations: 2})
	c := w.dial(t, "Authorization", "Bearer sun") // the principal of the handshake
	c.say(`{"type":"connection_init"}`, subscribe("1", "quiet"), subscribe("2", "quiet"), subscribe("3", "quiet"), `{"type":"complete","id":"1"}`, subscribe("1", "{ a }"))
	var said []string
	for range 4 {
		m, err := c.hear()
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, m)
	}
	if !strings.Contains(said[1], `"id":"3","payload":[{"message":"2 operations run`) || said[3] != `{"type":"complete","id":"1"}` {
		t.Errorf("%q", said)
	}
}

func TestManySubscriptionsOnOneSocketLeaveNothingBehind(t *testing.T) {
	w := newWorld(t, live.Limits{})
	c := w.dial(t)
	c.say(hello)
	if _, err := c.hear(); err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		id := fmt.Sprint(i % 7)
		c.say(subscribe(id, "quiet"), fmt.Sprintf(`{"type":"complete","id":%q}`, id))
	}
	c.say(`{"type":"ping"}`)
	if got, err := c.hear(); err != nil || got != `{"type":"pong"}` {
		t.Fatal(got, err)
	}
	w.await(t, 0) // and newWorld sees that no goroutine is left
}

// FuzzMessage holds the decoder of messages to never panicking, and to take
// nothing that is not by the protocol.
func FuzzMessage(f *testing.F) {
	for _, seed := range []string{hello, `{"type":"ping"}`, subscribe("1", "{ a }"), `{"type":"complete","id":"1"}`, `{"type":"subscribe","id":"1","payload":{"query":"q","variables":{"a":1e400},"operationName":null,"extensions":{}}}`,
		`{"type":"connection_init","payload":{"Authorization":"Bearer x","x":[{}]}}`, `{"type":"pong","payload":null}`, "\xff", `{"type":"ping","id":null}`, `{"type":"subscribe","id":"\ud800","payload":{"query":""}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, id, err := live.DecodeMessage(raw)
		if err != nil {
			return
		}
		var wire struct {
			Type string
			ID   *string
		}
		if err := json.Unmarshal(raw, &wire); err != nil || wire.Type != kind {
			t.Fatalf("took %q for %s: %v", raw, kind, err)
		}
		if (kind == "subscribe" || kind == "complete") != (id != "") {
			t.Fatalf("%s with id %q", kind, id)
		}
		if out := live.EncodeMessage("next", id, []byte(`{}`)); !json.Valid(out) {
			t.Fatalf("wrote %q", out)
		}
	})
}
