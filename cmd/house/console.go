package house

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger/notary/answer"
	"github.com/probity-ledger/probity/projections"
)

// console makes the pages for people: what they ask goes to the service in
// the name of whoever holds the token.
func (h *House) console(d *door, service *graphql.Service, log *slog.Logger) (http.Handler, error) {
	signs := h.signer != nil && h.Notary != nil
	return h.pages(log, d.laptop != nil, func(r *http.Request, token string) (console.Visitor, error) {
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
		ask := func(reading bool) func(context.Context, console.Question) console.Answer {
			return func(ctx context.Context, q console.Question) console.Answer {
				req := overhttp.Request{Query: q.Document, Variables: q.Variables, ReadOnly: reading, Remote: remote}
				req.Extensions = extensions(q, signs)
				return answered(q, service.Page(ctx, who, req))
			}
		}
		v.Ask = ask(true)
		if h.Recorder != nil {
			v.Do, v.May = ask(false), func(command string) bool { return h.may(who.Role, command) }
			person := projections.Principal{Subject: who.Subject, Role: who.Role, Machine: who.Machine, Units: who.Units}
			v.File = func(ctx context.Context, complaint, digest string) (*console.ReporterFile, error) {
				r, e, err := h.ComplaintFile(ctx, person, domain.ComplaintID(complaint), digest)
				if domain.RefusalCode(err) != "" {
					return nil, console.ErrNoFile // what may not be seen is not there
				}
				if err != nil {
					return nil, err
				}
				return &console.ReporterFile{ReadCloser: r, Name: e.Name, Size: e.Size}, nil
			}
		}
		return v, nil
	})
}

// may tells whether the rulebook in force gives a command to a role.
func (h *House) may(role domain.Role, command string) bool {
	t := h.Codec.Catalog().Command(domain.CommandName(command))
	return t != nil && slices.Contains(h.Books.At(h.now()).MayGive(t.Value(t.New())), role)
}

// pages makes the console of this ledger; links are sign-in links that are
// taken at once.
func (h *House) pages(log *slog.Logger, links bool, enter func(*http.Request, string) (console.Visitor, error)) (*console.Handler, error) {
	keys, err := h.Trust.Marshal()
	if err != nil {
		return nil, err
	}
	return console.New(console.Config{
		Enter: enter, Links: links, Origin: h.Codec.Origin(), Keys: string(keys), Tour: h.Tour, Zone: h.Books.At(h.now()).Calendar.Zone, Log: log, Now: h.cfg.Now,
	})
}

// Paper draws up the record file of an officer, a case or a complaint as
// one file in HTML that loads nothing. The ledger's key signs for it where the
// house was opened for writing. The reading of a record file is noted before
// it is shown. It fails with console.ErrNoPaper where there is nothing to
// show.
func (h *House) Paper(ctx context.Context, who projections.Principal, order console.Order, log *slog.Logger) ([]byte, error) {
	service, err := h.GraphQL(log)
	if err != nil {
		return nil, err
	}
	pages, err := h.pages(log, false, func(*http.Request, string) (console.Visitor, error) { return console.Visitor{}, console.ErrUnavailable })
	if err != nil {
		return nil, err
	}
	signs := h.signer != nil && h.Notary != nil
	visitor := console.Visitor{Role: string(who.Role), Subject: who.Subject}
	for _, u := range who.Units {
		visitor.Units = append(visitor.Units, string(u))
	}
	visitor.Ask = func(ctx context.Context, q console.Question) console.Answer {
		return answered(q, service.Do(ctx, who, overhttp.Request{Query: q.Document, Variables: q.Variables, ReadOnly: true, Extensions: extensions(q, signs)}))
	}
	raw, err := pages.Paper(ctx, visitor, order)
	if err != nil {
		return nil, err
	}
	if h.Recorder == nil && order.Kind == "officers" { // else the service has noted it
		err = h.NoteReadings(ctx, who, []domain.OfficerID{domain.OfficerID(order.ID)}, order.Purpose, h.now())
	}
	return raw, err
}

// extensions are what a question of the console asks for beside its answer.
func extensions(q console.Question, signs bool) map[string]any {
	own := map[string]any{}
	if q.Purpose != "" {
		own["purpose"] = q.Purpose
	}
	if q.MinPosition != "" {
		own["minPosition"] = q.MinPosition
	}
	if q.Prove {
		own["position"], own["receipt"] = true, signs
	}
	return map[string]any{"probity": own}
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
func answered(q console.Question, response *overhttp.Response) console.Answer {
	if response.Release != nil {
		defer response.Release()
	}
	var out console.Answer
	if data, ok := response.Data.(json.RawMessage); ok && response.HasData {
		out.Data = bytes.Clone(data)
	}
	for _, e := range response.Errors {
		code, _ := e.Extensions["code"].(string)
		field, _ := e.Extensions["field"].(string)
		rule, _ := e.Extensions["rule"].(string)
		out.Errors = append(out.Errors, console.Problem{Code: code, Message: e.Message, Field: field, Rule: rule, RetryAfter: response.RetryAfter})
	}
	if q.Prove && len(out.Errors) == 0 {
		out.Proof = proofOf(response, out.Data)
	}
	return out
}

// proofOf reads what an answer says of itself; nil where it says nothing.
func proofOf(response *overhttp.Response, data []byte) *console.Proof {
	own, _ := response.Extensions["probity"].(map[string]any)
	digest, err := answer.DigestResult(data, nil)
	if own == nil || err != nil {
		return nil
	}
	p := &console.Proof{Digest: string(digest)}
	p.Position, _ = own["position"].(string)
	p.Checkpoint, _ = own["checkpoint"].(string)
	p.Receipt, _ = own["receipt"].(string)
	return p
}
