package house

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/edge"
)

// public mounts the pages that take complaints. What they keep of an address,
// and what is written of one, docs/intake.md says.
func (h *House) public(w *Web, mux *http.ServeMux, log *slog.Logger) error {
	var err error
	w.intake, err = intake.New(intake.Config{
		Desk: h.Intake(), Origin: h.Codec.Origin(), Terms: h.publicTerms, Zone: h.Books.At(h.now()).Calendar.Zone, Log: log,
		Disclosures: func(r *http.Request) string {
			if byOnion(r) || w.door.front.NoConsole {
				return ""
			}
			return console.Path + "/" // the public's home: disclosures, and statistics
		},
		Client: func(r *http.Request) netip.Prefix {
			if byOnion(r) {
				return netip.Prefix{} // what is said of an address there anybody may have written
			}
			return w.door.edge.Counted(r)
		},
	})
	if err != nil {
		return err
	}
	pages := w.observe("public", edge.Upload(2*intake.MaxRequest, w.intake)) // what is too long is read over, then refused
	if len(w.door.front.OnionHosts) == 0 {
		mux.Handle(intake.Path+"/", pages)
		return nil
	}
	mux.Handle(intake.Path+"/", alsoByOnion(w.door.front.OnionHosts[0], pages))
	return w.openOnion(h, pages)
}

// alsoByOnion tells Tor Browser, which heeds it over https, that a page is
// served by an onion service as well.
func alsoByOnion(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Onion-Location", "http://"+host+r.URL.EscapedPath())
		}
		next.ServeHTTP(w, r)
	})
}

// openOnion serves the pages under the names of an onion service. Tor hands on
// requests from this machine, and those on this machine may ask for more: so
// there is nothing but these pages, and no request is told to be of this
// machine.
func (w *Web) openOnion(h *House, pages http.Handler) error {
	around, err := edge.New(edge.Config{Hosts: w.door.front.OnionHosts, MaxRequests: w.door.front.Edge.MaxRequests})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(intake.Path+"/", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		pages.ServeHTTP(rw, r.WithContext(context.WithValue(r.Context(), onionKey{}, true)))
	}))
	mux.Handle("GET /{$}", http.RedirectHandler(intake.Path+"/", http.StatusSeeOther))
	w.Onion = w.door.denials.Watch(around.Wrap(h.traceHTTP(mux)))
	return nil
}

type onionKey struct{}

// byOnion tells whether a request came through the onion service.
func byOnion(r *http.Request) bool { return r.Context().Value(onionKey{}) != nil }

// publicTerms are the terms of the rulebook in force.
func (h *House) publicTerms() intake.Terms {
	book := h.Books.At(h.now())
	span := func(t domain.Term) intake.Span { return intake.Span{Length: t.Length, Unit: string(t.Unit)} }
	return intake.Terms{
		Acknowledge: span(book.Reporting.Acknowledge), Route: span(book.Complaint.Route),
		Handle: span(book.Complaint.Handle), Extension: span(book.Complaint.Extension),
	}
}
