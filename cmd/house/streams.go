package house

import (
	"net/http"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// EndStreams ends all subscriptions and returns when none runs any more. Call
// it before the views close; http.Server.Shutdown does not end what stays open.
func (w *Web) EndStreams() { w.streams.Close() }

// byStaying tells what stays open from requests that end: how long a stream is
// open is no measure of anything.
func byStaying(stays, ends http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if overhttp.Streaming(r) {
			stays.ServeHTTP(w, r)
			return
		}
		ends.ServeHTTP(w, r)
	})
}
