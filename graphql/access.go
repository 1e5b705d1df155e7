package graphql

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/graphql-go/graphql/language/ast"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/graphql/trusted"
)

// Access says what may be asked over HTTP, and how much of it. In process
// (Service.Do) none of it holds. The zero value lets everybody ask anything
// within the limits of package guard.
type Access struct {
	// Documents may be asked for by their id. They are validated and compiled
	// by New, which fails when one does not fit the schema.
	Documents *trusted.Documents
	// Strict refuses every other document, but from the roles in AdHoc.
	Strict bool
	AdHoc  []domain.Role
	// Budgets are what each role may spend; nil charges nobody.
	Budgets budget.Allowances
	// Proxies are servers in front of this one that are believed when they
	// say whose request they hand on (X-Forwarded-For).
	Proxies []netip.Prefix
}

// wasted is what a request costs that is refused before it could be weighed.
const wasted = 10

// document is a trusted document, ready to be executed.
type document struct {
	text  string
	valid guard.Document
	plans map[string]*plan.Plan // by the name of the operation
}

// trust validates and compiles the trusted documents.
func (s *Service) trust(documents *trusted.Documents) error {
	s.trusted = make(map[string]*document, documents.Len())
	for id, text := range documents.All() {
		d, err := s.compile(text)
		if err != nil {
			return fmt.Errorf("trusted document %s: %w", strings.TrimSpace(documents.Name(id)+" "+id), err)
		}
		s.trusted[id] = d
	}
	if s.config.Access.Strict && len(s.trusted) == 0 {
		return errors.New("only trusted documents may be asked for, and there are none")
	}
	return nil
}

func (s *Service) compile(text string) (*document, error) {
	valid, err := s.guard.Document(text)
	if err != nil {
		if refusals := guard.AsErrors(err); len(refusals) > 0 && len(refusals[0].Locations) > 0 {
			return nil, fmt.Errorf("line %d: %w", refusals[0].Locations[0].Line, err)
		}
		return nil, err
	}
	d := &document{text: text, valid: valid, plans: map[string]*plan.Plan{}}
	for _, operation := range valid.Operations() {
		p, err := s.plans.Compile(valid.AST(), operation)
		if err != nil {
			return nil, err
		}
		d.plans[operationName(operation)] = p
	}
	return d, nil
}

func operationName(operation *ast.OperationDefinition) string {
	if operation.Name == nil {
		return ""
	}
	return operation.Name.Value
}

// caller is who asks over HTTP. A nil caller asks in process, is charged
// nothing and not held to trusted documents.
type caller struct {
	role    domain.Role
	account *budget.Account // nil when nobody is charged
	cost    int64           // of the operation, once it is known
	ours    bool            // the document is the program's own
}

// caller returns who asks: a subject, or for whoever has no name an address.
func (s *Service) caller(p signin.Principal, remote netip.Addr) *caller {
	return &caller{role: p.Role, account: s.Account(p, remote)}
}

// Account returns the account that pays for whoever asks; nil when nobody is
// charged.
func (s *Service) Account(p signin.Principal, remote netip.Addr) *budget.Account {
	if s.budgets == nil {
		return nil
	}
	payer := p.Issuer + "\x00" + p.Subject
	if p.Subject == "" {
		payer = budget.Address(remote)
	}
	return s.budgets.Account(p.Role, payer)
}

// open refuses when nothing is left to spend.
func (c *caller) open() *overhttp.Response {
	if c == nil || c.account == nil {
		return nil
	}
	return overspent(c.account.Open())
}

// charge takes the cost of an operation from the account, or refuses it.
func (c *caller) charge(cost int64) *overhttp.Response {
	if c == nil || c.account == nil {
		return nil
	}
	c.cost = cost
	return overspent(c.account.Charge(cost))
}

// overspent says what an account refused; nil when it did not.
func overspent(err error) *overhttp.Response {
	exceeded, ok := errors.AsType[*budget.Exceeded](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return overhttp.Refused(overhttp.NewError(string(guard.CodeCost), err.Error()))
	}
	e := overhttp.NewError(codeBudget, err.Error())
	e.Extensions["retryAfterSeconds"] = int64(exceeded.RetryAfter.Seconds())
	return &overhttp.Response{Status: http.StatusTooManyRequests, RetryAfter: exceeded.RetryAfter, Errors: []overhttp.Error{e}}
}

// waste charges for a request that was refused.
func (c *caller) waste() {
	if c != nil && c.account != nil {
		c.account.Waste(wasted)
	}
}

// costReport stands in the extensions of a response as cost.
type costReport struct {
	Requested int64 `json:"requested"` // of the operation; 0 when it was refused before
	Remaining int64 `json:"remaining"` // in the account
	Limit     int64 `json:"limit"`     // of a full account
}

// report adds to a response what it cost.
func (c *caller) report(response *overhttp.Response) *overhttp.Response {
	if c == nil || c.account == nil {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["cost"] = costReport{c.cost, c.account.Remaining(), c.account.Limit()}
	return response
}

// admitted is a request that may be executed.
type admitted struct {
	text    string // of the document
	checked *guard.Checked
	plan    *plan.Plan
}

// admit takes a request past everything that may refuse it: trusted
// documents, the guard, the budget. Either value is nil.
func (s *Service) admit(ctx context.Context, c *caller, req overhttp.Request) (*admitted, *overhttp.Response) {
	if refused := c.open(); refused != nil { // nothing is parsed on an empty account
		return nil, refused
	}
	known, refused := s.find(c, &req)
	if refused != nil {
		c.waste()
		return nil, refused
	}
	checked, err := s.check(known, req)
	if err != nil {
		c.waste()
		return nil, s.refused(ctx, err)
	}
	if checked.Operation.Operation == ast.OperationTypeMutation && req.ReadOnly {
		return nil, overhttp.MutationByGet()
	}
	if refused := c.charge(checked.Cost.Total); refused != nil {
		return nil, refused
	}
	if known != nil {
		return &admitted{known.text, checked, known.plans[operationName(checked.Operation)]}, nil
	}
	compiled, err := s.plans.Plan(req.Query, checked.Document, checked.Operation)
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	return &admitted{req.Query, checked, compiled}, nil
}

func (s *Service) check(known *document, req overhttp.Request) (*guard.Checked, error) {
	if known == nil {
		return s.guard.Check(req.Query, req.OperationName, req.Variables)
	}
	return s.guard.CheckDocument(known.valid, req.OperationName, req.Variables)
}

// find returns the trusted document that a request means, nil when it brings
// one of its own and may.
func (s *Service) find(c *caller, req *overhttp.Request) (*document, *overhttp.Response) {
	free := c == nil || c.ours || !s.config.Access.Strict || slices.Contains(s.config.Access.AdHoc, c.role)
	id := req.DocumentID
	if id == "" && free {
		return nil, nil
	}
	if req.Query != "" {
		own := trusted.ID(req.Query)
		if id != "" && id != own {
			return nil, overhttp.Refused(overhttp.NewError(codeBadInput, fmt.Sprintf("the document that was sent is not %s, but %s", id, own)))
		}
		id = own
	}
	known := s.trusted[id]
	switch {
	case known != nil || req.Query != "" && free:
		return known, nil
	case req.DocumentID == "" || req.Query != "":
		return nil, overhttp.Refused(overhttp.NewError(codeUntrusted,
			"this server answers trusted documents only; send the documentId of one, or its text as it was trusted"))
	}
	return nil, unknownDocument(req)
}

// unknownDocument is the answer to an id there is no document of. Apollo's
// clients, and urql, know it by the message and send the text next.
func unknownDocument(req *overhttp.Request) *overhttp.Response {
	message := fmt.Sprintf("there is no trusted document %s", req.DocumentID)
	if !strings.HasPrefix(req.DocumentID, "sha256:") {
		message += "; this server knows documents by sha256: and the digest of their text alone"
	}
	if req.Extensions["persistedQuery"] != nil {
		message = "PersistedQueryNotFound"
	}
	e := overhttp.NewError(codeUnknownDocument, message)
	e.Extensions["documentId"] = req.DocumentID
	return overhttp.Refused(e)
}
