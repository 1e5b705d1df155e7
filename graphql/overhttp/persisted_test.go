package overhttp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

const (
	hex64 = "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"
	other = "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"
)

// recording is a handler that keeps the request it was handed last.
func recording(t testing.TB, config overhttp.Config) (http.Handler, func() overhttp.Request) {
	t.Helper()
	var got overhttp.Request
	config.Execute = func(_ context.Context, req overhttp.Request) *overhttp.Response {
		got = req
		return &overhttp.Response{HasData: true}
	}
	h, err := overhttp.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return h, func() overhttp.Request { last := got; got = overhttp.Request{}; return last }
}

func TestADocumentIsAskedForByItsID(t *testing.T) {
	apollo := `{"persistedQuery":{"version":1,"sha256Hash":"` + hex64 + `"}}`
	for _, c := range []struct {
		name    string
		request *http.Request
		query   string
		id      string
	}{
		{"documentId by POST", post(`{"documentId":"sha256:`+hex64+`","operationName":null}`, "", asJSON), "", "sha256:" + hex64},
		{"documentId by GET", get("", "documentId", "sha256:"+hex64), "", "sha256:" + hex64},
		{"a name of one's own", post(`{"documentId":"officer-page_1.2~b"}`, "", asJSON), "", "officer-page_1.2~b"},
		{"a prefix of one's own", post(`{"documentId":"x-md5:d41d8cd9"}`, "", asJSON), "", "x-md5:d41d8cd9"},
		{"Apollo's extension by POST", post(`{"extensions":`+apollo+`}`, "", asJSON), "", "sha256:" + hex64},
		{"Apollo's extension by GET", get("", "extensions", apollo), "", "sha256:" + hex64},
		{"both say the same", post(`{"documentId":"sha256:`+hex64+`","extensions":`+apollo+`}`, "", asJSON), "", "sha256:" + hex64},
		{"with its text", post(`{"query":"{hello}","extensions":`+apollo+`}`, "", asJSON), "{hello}", "sha256:" + hex64},
		{"null is absent", post(`{"query":"{hello}","documentId":null,"extensions":{"persistedQuery":null}}`, "", asJSON), "{hello}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, last := recording(t, overhttp.Config{})
			a := send(t, h, c.request)
			if got := last(); a.status != 200 || got.Query != c.query || got.DocumentID != c.id {
				t.Errorf("%d %s: query %q, id %q", a.status, a.body, got.Query, got.DocumentID)
			}
		})
	}
}

func TestAnIDThatIsNoneIsRefused(t *testing.T) {
	apollo := func(inside string) *http.Request {
		return post(`{"query":"{hello}","extensions":{"persistedQuery":`+inside+`}}`, "", asJSON)
	}
	for _, c := range []struct {
		name    string
		request *http.Request
		want    string
	}{
		{"empty", post(`{"query":"{hello}","documentId":""}`, "", asJSON), "documentId is empty"},
		{"empty by GET", get("", "query", "{hello}", "documentId", ""), "documentId is empty"},
		{"a number", post(`{"documentId":7}`, "", asJSON), "documentId must be a string"},
		{"twice by GET", get("", "documentId", "a", "documentId", "b"), "documentId is given more than once"},
		{"too short", post(`{"documentId":"sha256:71f7"}`, "", asJSON), "documentId is no id"},
		{"in capitals", post(`{"documentId":"sha256:`+strings.ToUpper(hex64)+`"}`, "", asJSON), "lower case"},
		{"an unknown prefix", post(`{"documentId":"md5:d41d8cd9"}`, "", asJSON), "documentId is no id"},
		{"a path", post(`{"documentId":"../../etc/passwd"}`, "", asJSON), "documentId is no id"},
		{"a control character", post(`{"documentId":"a\u0000"}`, "", asJSON), "documentId is no id"},
		{"30,000 characters", post(`{"documentId":"`+strings.Repeat("a", 30000)+`"}`, "", asJSON), "documentId is no id"},
		{"two documents", post(`{"documentId":"sha256:`+hex64+`","extensions":{"persistedQuery":{"version":1,"sha256Hash":"`+other+`"}}}`, "", asJSON), "different documents"},
		{"Apollo's in version 2", apollo(`{"version":2,"sha256Hash":"` + hex64 + `"}`), "must hold version 1"},
		{"Apollo's without a version", apollo(`{"sha256Hash":"` + hex64 + `"}`), "must hold version 1"},
		{"Apollo's without a hash", apollo(`{"version":1}`), "must hold version 1"},
		{"Apollo's with another hash", apollo(`{"version":1,"sha256Hash":"d41d8cd98f00b204e9800998ecf8427e"}`), "must hold version 1"},
		{"Apollo's as a list", apollo(`[1]`), "must hold version 1"},
		{"neither", post(`{"variables":{}}`, "", asJSON), "the parameter query is missing; send a document, or the id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, last := recording(t, overhttp.Config{})
			a := send(t, h, c.request)
			if a.status != 400 || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, "BAD_REQUEST") || len(a.body) > 400 {
				t.Errorf("got %d %s, want %q", a.status, a.body, c.want)
			}
			if got := last(); got.Query != "" || got.DocumentID != "" {
				t.Errorf("executed %+v", got)
			}
		})
	}
}

func TestTheClientsAddressIsThatOfTheConnectionOrOfAProxyThatIsBelieved(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "192.0.2.7:4711", nil, "192.0.2.7"},
		{"a header of the client", "192.0.2.7:4711", []string{"198.51.100.1"}, "192.0.2.7"},
		{"a proxy", "10.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy, after what the client made up", "10.0.0.1:80", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"},
		{"the same in two headers", "10.0.0.1:80", []string{"203.0.113.9", "198.51.100.1"}, "198.51.100.1"},
		{"two proxies", "10.0.0.1:80", []string{"203.0.113.9, 198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"a proxy that says nothing", "10.0.0.1:80", nil, "10.0.0.1"},
		{"a proxy that says nonsense", "10.0.0.1:80", []string{"198.51.100.1, unknown"}, "10.0.0.1"},
		{"IPv6", "[::1]:80", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv4 written as IPv6", "[::ffff:10.0.0.1]:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"no address at all", "@", []string{"198.51.100.1"}, "invalid IP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, last := recording(t, overhttp.Config{Proxies: proxies})
			r := post(`{"query":"{hello}"}`, "", asJSON)
			r.RemoteAddr, r.Header["X-Forwarded-For"] = c.peer, c.forwarded
			send(t, h, r)
			if got := last().Remote.String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestRetryAfterIsWholeSeconds(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "", time.Millisecond: "1", 2 * time.Second: "2", 2001 * time.Millisecond: "3"} {
		h, err := overhttp.New(overhttp.Config{Execute: func(context.Context, overhttp.Request) *overhttp.Response {
			return &overhttp.Response{Status: http.StatusTooManyRequests, RetryAfter: wait, Errors: []overhttp.Error{overhttp.NewError("X", "later")}}
		}})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, post(`{"query":"{hello}"}`, "", asJSON))
		if got := w.Header().Get("Retry-After"); w.Code != 429 || got != want {
			t.Errorf("after %s: %d, Retry-After %q, want %q", wait, w.Code, got, want)
		}
	}
}
