package graphql

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	gql "github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/projections"
)

// Config is what a Service works with. Views, Store and Codec are required.
type Config struct {
	Views *projections.Views
	// Store gives the envelopes of events.
	Store ledger.Store
	// Codec names the ledger and the kinds of event.
	Codec *ledger.Codec
	// Notary proves that events are in the transparency log; without one
	// proofs and checkpoints are null.
	Notary *notary.Notary
	// Recorder takes what people record; without it nothing can be.
	Recorder Recorder
	// Unseal opens the identity of who reported a complaint, once that is
	// recorded; nil where nothing can be recorded.
	Unseal func(ctx context.Context, who projections.Principal, id domain.ComplaintID, reason string) (*Unsealed, error)
	// Messages opens what went to and fro between the agency and the reporter of a
	// complaint, as far as the reader may know of it; nil where nothing sealed can
	// be opened.
	Messages func(ctx context.Context, reader *projections.Reader, id domain.ComplaintID) ([]Message, error)
	// FileRead notes that the principal is shown the record file of the officer,
	// and what for, before the answer leaves; once for an answer and officer.
	// Where it fails the answer is refused: what cannot be noted is not shown.
	// Nil where nothing can be recorded.
	FileRead func(ctx context.Context, who projections.Principal, officer domain.OfficerID, why string, at time.Time) error
	// Access says what may be asked over HTTP, and how much of it.
	Access Access
	// Signer is the ledger's key, which signs audit receipts; without it, or
	// without a notary, there are none.
	Signer *ledger.Signer
	// ProveFile draws the proof that a file is whole, for an auditor; nil
	// where there is no index.
	ProveFile func(ctx context.Context, auditor projections.Principal, subject domain.Ref) ([]byte, error)
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Origins ("https://host") are those whose pages may ask, besides our own.
	Origins []string
	// Log takes what clients must not see; slog.Default when nil.
	Log *slog.Logger
}

// Service answers GraphQL requests.
type Service struct {
	config Config
	schema gql.Schema
	guard  *guard.Guard
	plans  *plan.Executor
	sdl    string

	follows       map[string]follow
	subscriptions *subscriptions

	trusted map[string]*document // by id
	budgets *budget.Budgets      // nil when nobody is charged

	patience time.Duration // how long views that are behind are waited for
}

// New makes the service.
func New(config Config) (*Service, error) {
	if config.Views == nil || config.Store == nil || config.Codec == nil {
		return nil, errors.New("graphql needs views, a store and a codec")
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	b := newBuilder(config.Codec.Catalog())
	schema, err := b.schema(nil)
	if err != nil {
		return nil, fmt.Errorf("build the schema: %w", err)
	}
	return assemble(config, b, schema)
}

// assemble makes the service of a schema.
func assemble(config Config, b *builder, schema gql.Schema) (*Service, error) {
	g, err := guard.New(&schema, guard.DefaultLimits())
	if err != nil {
		return nil, err
	}
	plans, err := plan.New(&schema, plan.Config{Leaves: leaves, Typed: b.typed(), Recovered: func(cause any, stack []byte) error {
		return &panicked{cause, stack}
	}})
	if err != nil {
		return nil, err
	}
	s := &Service{config: config, schema: schema, guard: g, plans: plans, sdl: b.sdl(&schema),
		follows: b.follows, subscriptions: newSubscriptions(), patience: waitForViews}
	if err := s.trust(config.Access.Documents); err != nil {
		return nil, err
	}
	if config.Access.Budgets != nil {
		if s.budgets, err = budget.New(config.Access.Budgets); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// SDL returns the schema in the schema definition language, always the same
// text for the same schema.
func (s *Service) SDL() string { return s.sdl }

// Handler serves requests over HTTP. The principal is the one that package
// signin has put into the context; a request without one is answered with
// 401. streams, of Streams, serves subscriptions on the same path; without it
// there are none.
func (s *Service) Handler(streams ...overhttp.Streams) (http.Handler, error) {
	config := overhttp.Config{Execute: s.execute, Logger: s.config.Log, TrustedOrigins: s.config.Origins, Proxies: s.config.Access.Proxies}
	if len(streams) > 0 {
		config.Streams = streams[0]
	}
	return overhttp.New(config)
}

func (s *Service) execute(ctx context.Context, req overhttp.Request) *overhttp.Response {
	p, ok := signin.FromContext(ctx)
	if !ok {
		return unauthenticated()
	}
	c := s.caller(p, req.Remote)
	return c.report(s.do(ctx, s.config.Views.As(principalOf(p)), c, req))
}

// Page answers a document of the program's own in the name of somebody who
// looks at a page: it need not be a trusted one, but is charged to them as if
// they had sent it. For the rest it is as Do.
func (s *Service) Page(ctx context.Context, p signin.Principal, req overhttp.Request) *overhttp.Response {
	c := s.caller(p, req.Remote)
	c.ours = true
	return s.do(ctx, s.config.Views.As(principalOf(p)), c, req)
}

func principalOf(p signin.Principal) projections.Principal {
	return projections.Principal{Subject: p.Subject, Role: p.Role, Machine: p.Machine, Units: p.Units}
}

func unauthenticated() *overhttp.Response {
	return &overhttp.Response{Status: http.StatusUnauthorized,
		Errors: []overhttp.Error{overhttp.NewError(codeUnauthenticated, "sign in first")}}
}

// Do answers one request as the principal. It never returns nil and never
// panics. Errors carry extensions.code:
//
//	BAD_USER_INPUT     an argument or variable is not right (extensions.field)
//	GRAPHQL_…, QUERY_… the document is refused, see package guard
//	PERSISTED_…        there is no such trusted document, or only they are answered
//	BUDGET_EXCEEDED    too much was asked for (extensions.retryAfterSeconds); over HTTP alone
//	INTEGRITY_FAILURE  recorded bytes are not what they must be
//	UNAVAILABLE        the ledger is closing
//	TIMEOUT, CANCELLED the context ended
//	SUBSCRIPTION_UNSUPPORTED a subscription that was not sent as a stream
//	INTERNAL           anything else; extensions.id is in the log
//
// and those of domain.Code where a rule refuses (extensions.rule is its
// source).
func (s *Service) Do(ctx context.Context, who projections.Principal, req overhttp.Request) *overhttp.Response {
	return s.do(ctx, s.config.Views.As(who), nil, req)
}

func (s *Service) do(ctx context.Context, reader *projections.Reader, c *caller, req overhttp.Request) (response *overhttp.Response) {
	defer func() {
		if cause := recover(); cause != nil {
			response = s.panicked(ctx, cause)
		}
	}()
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	asked, refused := s.admit(ctx, c, req)
	if refused != nil {
		return refused
	}
	if asked.checked.Operation.Operation == ast.OperationTypeSubscription {
		return overhttp.Refused(overhttp.NewError(codeSubscription, "subscriptions are streams: send accept: text/event-stream, or use a WebSocket with the subprotocol graphql-transport-ws"))
	}
	ctx, end := startSpan(ctx, asked.checked.Operation)
	defer func() { end(response) }()
	return s.answer(ctx, reader, asked, req)
}

// answer answers a query or mutation that was admitted.
func (s *Service) answer(ctx context.Context, reader *projections.Reader, asked *admitted, req overhttp.Request) *overhttp.Response {
	req.Query = asked.text // of a trusted document, where only its id was given
	ask, err := readAsking(req.Extensions)
	if err == nil {
		err = s.mayVouch(ask, asked.checked.Operation.Operation == ast.OperationTypeMutation)
	}
	if err != nil {
		return s.refused(ctx, err)
	}
	if late := s.await(ctx, ask.atLeast); late != nil {
		return late
	}
	result, err := s.run(ctx, reader, asked.plan, asked.checked, ask)
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	if err != nil {
		return s.refused(ctx, err)
	}
	response := &overhttp.Response{
		HasData: true, Data: result.Data, Whole: result.Response, Release: result.Release,
		Errors: s.reporter(ctx).describeAll(result.Errors, asked.checked),
	}
	if err := s.vouch(ctx, reader.Principal(), req, ask, result.shows, response); err != nil {
		return s.refused(ctx, err)
	}
	if err := s.noteReadings(result.request, asked.checked, ask.purpose); err != nil {
		return s.unnoted(ctx, err)
	}
	return response
}
