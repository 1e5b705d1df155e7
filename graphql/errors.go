package graphql

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"

	"github.com/graphql-go/graphql/gqlerrors"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
)

// The codes of this package; those of refused documents are package guard's,
// those of rules domain.Code's.
const (
	codeBadInput        = "BAD_USER_INPUT"
	codeIntegrity       = "INTEGRITY_FAILURE"
	codeUnavailable     = "UNAVAILABLE"
	codeTimeout         = "TIMEOUT"
	codeCancelled       = "CANCELLED"
	codeUnauthenticated = "UNAUTHENTICATED"
	codeInternal        = "INTERNAL"
)

// family is one row of the table that maps errors to what a client is told.
type family struct {
	is func(error) bool
	// code and message for the client; the message of a family that tells
	// nothing is completed with an id under which the cause is logged.
	code    string
	message string
	logged  bool
}

// families is looked through from the top. Refusals are not in it: they say
// themselves what the client is to know.
var families = []family{
	{is: func(err error) bool { _, ok := errors.AsType[*ledger.IntegrityError](err); return ok },
		code: codeIntegrity, message: "the ledger is not what it must be", logged: true},
	{is: as(context.DeadlineExceeded), code: codeTimeout, message: "the request took too long"},
	{is: as(context.Canceled), code: codeCancelled, message: "the request was cancelled"},
	{is: as(ledger.ErrClosed), code: codeUnavailable, message: "the ledger is closing; ask again later"},
	{is: func(error) bool { return true }, code: codeInternal, message: "internal error", logged: true},
}

func as(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

// panicked is what a resolver or a loader panicked with.
type panicked struct {
	cause any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }

// reporter describes the errors of one response. A cause met at many places
// (a batch that failed) is logged once.
type reporter struct {
	ctx  context.Context
	log  *slog.Logger
	seen map[error]string
}

func (s *Service) reporter(ctx context.Context) *reporter {
	return &reporter{ctx: ctx, log: s.config.Log, seen: map[error]string{}}
}

// describe says of an error what a client may know.
func (r *reporter) describe(err error) overhttp.Error {
	if refusal, ok := errors.AsType[*domain.Refusal](err); ok {
		return describeRefusal(refusal)
	}
	f := families[slices.IndexFunc(families, func(f family) bool { return f.is(err) })]
	if !f.logged {
		return overhttp.NewError(f.code, f.message)
	}
	id := r.logged(f.code, err)
	e := overhttp.NewError(f.code, f.message+" ("+id+")")
	e.Extensions["id"] = id
	return e
}

func describeRefusal(refusal *domain.Refusal) overhttp.Error {
	code := string(refusal.Code)
	if refusal.Code == domain.CodeInvalid {
		code = codeBadInput
	}
	message := refusal.Message
	if refusal.Field != "" {
		message = refusal.Field + ": " + message
	}
	e := overhttp.NewError(code, message)
	if refusal.Field != "" {
		e.Extensions["field"] = refusal.Field
	}
	if refusal.Rule != "" {
		e.Extensions["rule"] = refusal.Rule
	}
	return e
}

// logged writes the cause to the log, once, and returns its id.
func (r *reporter) logged(code string, err error) string {
	comparable := reflect.TypeOf(err).Comparable()
	if id, ok := "", false; comparable {
		if id, ok = r.seen[err]; ok {
			return id
		}
	}
	var raw [8]byte
	rand.Read(raw[:]) // never fails
	id := hex.EncodeToString(raw[:])
	attrs := []slog.Attr{slog.String("id", id), slog.String("code", code), slog.Any("error", err)}
	if p, ok := errors.AsType[*panicked](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	r.log.LogAttrs(r.ctx, slog.LevelError, "graphql request failed", attrs...)
	if comparable {
		r.seen[err] = id
	}
	return id
}

// describeAll describes the errors of an execution, in the order of their
// paths: the library resolves fields in an order of its own.
func (r *reporter) describeAll(errs []gqlerrors.FormattedError) []overhttp.Error {
	slices.SortStableFunc(errs, func(a, b gqlerrors.FormattedError) int { return comparePaths(a.Path, b.Path) })
	var out []overhttp.Error
	for _, e := range errs {
		described := r.describe(cause(e))
		described.Path = e.Path
		for _, at := range e.Locations {
			described.Locations = append(described.Locations, overhttp.Location{Line: at.Line, Column: at.Column})
		}
		out = append(out, described)
	}
	return out
}

func comparePaths(a, b []any) int {
	return slices.CompareFunc(a, b, func(x, y any) int {
		i, isIndex := x.(int)
		j, alsoIndex := y.(int)
		if isIndex && alsoIndex {
			return i - j
		}
		s, t := fmt.Sprint(x), fmt.Sprint(y)
		switch {
		case s < t:
			return -1
		case s > t:
			return 1
		}
		return 0
	})
}

// cause returns what a resolver failed with, from within the library's
// wrappings: it wraps the errors of lazy fields twice and loses what they
// said about themselves.
func cause(formatted gqlerrors.FormattedError) error {
	var err error = formatted
	for {
		var inner error
		switch e := err.(type) {
		case gqlerrors.FormattedError:
			inner = e.OriginalError()
		case *gqlerrors.Error:
			inner = e.OriginalError
		case gqlerrors.Error:
			inner = e.OriginalError
		default:
			return err
		}
		if inner == nil {
			return errors.New(err.Error())
		}
		err = inner
	}
}

// refused is the response to a document that the guard did not let through.
func (s *Service) refused(ctx context.Context, err error) *overhttp.Response {
	refusals := guard.AsErrors(err)
	if refusals == nil {
		return overhttp.Refused(s.reporter(ctx).describe(err))
	}
	response := &overhttp.Response{}
	for _, refusal := range refusals {
		e := overhttp.NewError(string(refusal.Code), refusal.Message)
		for _, at := range refusal.Locations {
			e.Locations = append(e.Locations, overhttp.Location(at))
		}
		response.Errors = append(response.Errors, e)
	}
	return response
}

// ended is the response to a request whose context ended.
func ended(err error) *overhttp.Response {
	code, message := codeCancelled, "the request was cancelled"
	if errors.Is(err, context.DeadlineExceeded) {
		code, message = codeTimeout, "the request took too long"
	}
	return &overhttp.Response{Status: http.StatusServiceUnavailable, Errors: []overhttp.Error{overhttp.NewError(code, message)}}
}
