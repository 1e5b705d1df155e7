package house

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
)

// console makes the pages for people: what they ask goes to the service in
// the name of whoever holds the token.
func (h *House) console(d *door, service *graphql.Service, log *slog.Logger) (http.Handler, error) {
	keys, err := h.Trust.Marshal()
	if err != nil {
		return nil, err
	}
	return console.New(console.Config{
		Enter: func(r *http.Request, token string) (console.Visitor, error) {
			who := signin.Public()
			if token != "" {
				var err error
				if who, err = d.verifier.Verify(token); err != nil {
					return console.Visitor{}, notLetIn(r.Context(), err)
				}
			}
			remote, _ := netip.ParseAddr(d.edge.Remote(r)) // the zero address where it is not known
			v := console.Visitor{Role: string(who.Role), Subject: who.Subject, Expires: who.Expires}
			for _, u := range who.Units {
				v.Units = append(v.Units, string(u))
			}
			v.Ask = func(ctx context.Context, q console.Question) console.Answer {
				req := overhttp.Request{Query: q.Document, Variables: q.Variables, ReadOnly: true, Remote: remote}
				if q.Purpose != "" {
					req.Extensions = map[string]any{"probity": map[string]any{"purpose": q.Purpose}}
				}
				return answered(service.Page(ctx, who, req))
			}
			return v, nil
		},
		Origin: h.Codec.Origin(), Keys: string(keys), Zone: h.Books.At(h.now()).Calendar.Zone, Log: log, Now: h.cfg.Now,
	})
}

// notLetIn notes why a token is refused, and says of it what the page is to
// tell.
func notLetIn(ctx context.Context, err error) error {
	refused, ok := errors.AsType[*signin.TokenError](err)
	if !ok {
		return err
	}
	denial.Note(ctx, denial.Denial{Reason: string(refused.Reason), Issuer: refused.Issuer, KeyID: refused.KeyID})
	switch refused.Reason {
	case signin.ReasonExpired:
		return console.ErrExpired
	case signin.ReasonUnavailable:
		return console.ErrUnavailable
	}
	return err
}

// answered hands an answer on. Its memory is given back, so the data is copied.
func answered(response *overhttp.Response) console.Answer {
	if response.Release != nil {
		defer response.Release()
	}
	var out console.Answer
	if data, ok := response.Data.(json.RawMessage); ok && response.HasData {
		out.Data = bytes.Clone(data)
	}
	for _, e := range response.Errors {
		code, _ := e.Extensions["code"].(string)
		out.Errors = append(out.Errors, console.Problem{Code: code, Message: e.Message, RetryAfter: response.RetryAfter})
	}
	return out
}
