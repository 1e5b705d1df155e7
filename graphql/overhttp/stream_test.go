package overhttp_test

import (
	"net/http/httptest"
	"testing"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

func TestWhatAsksToStayOpen(t *testing.T) {
	for _, c := range []struct {
		name, method, accept, upgrade string
		want                          bool
	}{
		{"events", "POST", "text/event-stream", "", true},
		{"events by GET", "GET", "text/event-stream", "", true},
		{"events rather than JSON", "POST", "application/json;q=0.5, text/event-stream", "", true},
		{"events before JSON", "POST", "text/event-stream, application/json", "", true},
		{"events and whatever", "POST", "text/event-stream, */*;q=0.1", "", true},
		{"JSON before events", "POST", "application/json, text/event-stream", "", false},
		{"JSON rather than events", "POST", "text/event-stream;q=0.5, application/graphql-response+json", "", false},
		{"events refused", "POST", "text/event-stream;q=0", "", false},
		{"whatever", "POST", "*/*", "", false},
		{"any text", "POST", "text/*", "", false},
		{"nothing said", "POST", "", "", false},
		{"the head of events", "HEAD", "text/event-stream", "", false},
		{"a WebSocket", "GET", "", "websocket", true},
		{"a WebSocket among others", "GET", "", "h2c, WebSocket", true},
		{"another protocol", "GET", "", "h2c", false},
		{"a WebSocket by POST", "POST", "", "websocket", false},
	} {
		r := httptest.NewRequest(c.method, "/graphql", nil)
		if c.accept != "" {
			r.Header.Set("Accept", c.accept)
		}
		if c.upgrade != "" {
			r.Header.Set("Upgrade", c.upgrade)
		}
		if got := overhttp.Streaming(r); got != c.want {
			t.Errorf("%s: %t, want %t", c.name, got, c.want)
		}
	}
}
