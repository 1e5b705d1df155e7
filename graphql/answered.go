package graphql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/answer"
	"github.com/probity-ledger/probity/projections"
)

// extension is the member of a request's and an answer's extensions that is
// of this server.
const extension = "probity"

const (
	// waitForViews is how long a request waits until the views show the
	// position it wants to see at least.
	waitForViews = 5 * time.Second
	// waitForCheckpoint is how long an answer waits for its checkpoint. It is
	// there within milliseconds, unless witnesses are slow.
	waitForCheckpoint = 3 * time.Second
)

// asking is what a request wants of its answer.
type asking struct {
	// atLeast is the position that the views must show, so that who recorded
	// something reads it.
	atLeast ledger.Position
	// position wants to be told which position the answer shows, receipt a
	// signed audit receipt. Either makes the answer one of a single position.
	position, receipt bool
	// purpose is what record files are read for; empty when it does not say.
	purpose string
}

// readAsking reads the request's extensions. Members of others are theirs.
func readAsking(extensions map[string]any) (asking, error) {
	var a asking
	own, given := extensions[extension]
	if !given || own == nil {
		return a, nil
	}
	members, ok := own.(map[string]any)
	if !ok {
		return a, badExtension("", "must be an object")
	}
	for name, value := range members {
		flag, isFlag := value.(bool)
		switch name {
		case "minPosition":
			text, _ := value.(string)
			n, err := strconv.ParseUint(text, 10, 63)
			if err != nil {
				return a, badExtension(name, "must be a position: decimal digits in a string, as in \"1234\"")
			}
			a.atLeast = ledger.Position(n)
			continue
		case "purpose":
			var err error
			if a.purpose, err = readPurpose(value); err != nil {
				return a, err
			}
			continue
		case "position":
			a.position = flag
		case "receipt":
			a.receipt = flag
		default:
			return a, badExtension(name, "is not known; there are minPosition, position, purpose and receipt")
		}
		if !isFlag {
			return a, badExtension(name, "must be true or false")
		}
	}
	return a, nil
}

func badExtension(name, message string) error {
	field := "extensions." + extension
	if name != "" {
		field += "." + name
	}
	return domain.Refuse(domain.CodeInvalid, field, "%s", message)
}

// viewsBehind is the answer to a request for more than the views show.
func viewsBehind(at, wanted ledger.Position) *overhttp.Response {
	e := overhttp.NewError(codeViewsBehind, fmt.Sprintf("the views show the ledger up to position %s and not yet up to %s; ask again in a moment", at, wanted))
	e.Extensions["position"] = at.String()
	return &overhttp.Response{Status: http.StatusServiceUnavailable, Errors: []overhttp.Error{e}}
}

// await waits until the views show the position; nil when they do.
func (s *Service) await(ctx context.Context, wanted ledger.Position) *overhttp.Response {
	if wanted == ledger.Start {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	err := s.config.Views.WaitFor(limited, wanted)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ended(ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		at, err := s.config.Views.Position(ctx)
		if err == nil {
			return viewsBehind(at, wanted)
		}
	}
	return s.refused(ctx, err)
}

// result is what executing an operation gave, of a single position of the
// ledger where shows is not Start.
type result struct {
	*plan.Result
	request *request
	shows   ledger.Position
}

// run executes the operation.
func (s *Service) run(ctx context.Context, reader *projections.Reader, compiled *plan.Plan, checked *guard.Checked, a asking) (out result, err error) {
	if !a.position && !a.receipt {
		out.request = newRequest(ctx, reader, s)
		out.Result, err = compiled.Execute(ctx, out.request, checked.Variables)
		return out, err
	}
	err = reader.Snapshot(ctx, func(held *projections.Reader, at ledger.Position) (err error) {
		out.shows = at
		out.request = newRequest(ctx, held, s)
		out.request.held = true
		out.Result, err = compiled.Execute(ctx, out.request, checked.Variables)
		return err
	})
	return out, err
}

// vouch adds to an answer what it shows, and signs for it.
func (s *Service) vouch(ctx context.Context, who projections.Principal, req overhttp.Request, a asking, shows ledger.Position, response *overhttp.Response) error {
	if !a.position && !a.receipt {
		return nil
	}
	own := map[string]any{"position": shows.String()}
	response.Extensions = map[string]any{extension: own}
	events, head, err := s.covering(ctx, shows)
	if err != nil {
		return err
	}
	own["checkpoint"] = orNull(string(head.Note))
	if !a.receipt {
		return nil
	}
	receipt := answer.Answer{
		Origin: s.config.Codec.Origin(), At: s.config.Now().UTC().Truncate(time.Millisecond), Subject: who.Subject, Role: who.Role,
		Query: answer.DigestText(req.Query), Operation: req.OperationName,
		Position: shows, Events: events, Checkpoint: string(head.Note),
	}
	if receipt.Variables, err = digestOf(req.Variables, answer.DigestVariables); err != nil {
		return err
	}
	var errs []byte
	if len(response.Errors) > 0 {
		if errs, err = json.Marshal(response.Errors); err != nil {
			return err
		}
	}
	data, _ := response.Data.(json.RawMessage)
	if data == nil {
		data = json.RawMessage("null")
	}
	if receipt.Result, err = answer.DigestResult(data, errs); err != nil {
		return err
	}
	sealed, err := answer.Seal(receipt, s.config.Signer)
	own["receipt"] = string(sealed)
	return err
}

func digestOf(variables map[string]any, digest func([]byte) (answer.Digest, error)) (answer.Digest, error) {
	if variables == nil {
		return digest(nil)
	}
	raw, err := json.Marshal(variables)
	if err != nil {
		return "", err
	}
	return digest(raw)
}

// covering waits for the checkpoint that covers what an answer shows, and
// counts the events up to there.
func (s *Service) covering(ctx context.Context, shows ledger.Position) (int64, notary.Head, error) {
	n := s.config.Notary
	if n == nil || shows == ledger.Start {
		return 0, notary.Head{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, waitForCheckpoint)
	defer cancel()
	head, err := n.WaitFor(ctx, shows)
	if err != nil {
		return 0, head, fmt.Errorf("%w: %w", errNoCheckpoint, err)
	}
	index, _, err := n.Index(shows)
	return index + 1, head, err
}

// errNoCheckpoint: no checkpoint that others are shown covers the answer yet.
var errNoCheckpoint = errors.New("no checkpoint covers the answer yet")

// mayVouch refuses receipts where there is nothing to sign with, and for what
// is proved otherwise.
func (s *Service) mayVouch(a asking, mutation bool) error {
	switch {
	case !a.receipt && !a.position:
		return nil
	case mutation:
		return badExtension("receipt", "is for queries; what a mutation recorded is proved by event { proof }")
	case a.receipt && (s.config.Signer == nil || s.config.Notary == nil):
		return domain.Refuse(domain.CodeState, "extensions."+extension+".receipt", "this ledger is open for reading only, and signs nothing")
	}
	return nil
}

// fileProof draws the proof that the file of an officer is whole.
func (r *request) fileProof(officer domain.OfficerID) (any, error) {
	prove := r.service.config.ProveFile
	who := r.reader.Principal()
	switch {
	case who.Role != domain.RoleAuditor:
		return nil, domain.Refuse(domain.CodeForbidden, "proof", "only an auditor draws the proof of a file: it tells how many events there are, also of those that are not shown")
	case r.held:
		return nil, badExtension("", "goes with no proof of a file, which is proved by itself; ask for them one after the other")
	case prove == nil:
		return nil, nil
	}
	raw, err := prove(r.ctx, who, domain.Ref{Type: "officer", ID: string(officer)})
	if err != nil || raw == nil {
		return nil, err
	}
	return string(raw), nil
}
