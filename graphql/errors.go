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

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
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
	codeViewsBehind     = "VIEWS_BEHIND"
	codeInternal        = "INTERNAL"
	codeBudget          = "BUDGET_EXCEEDED"
	codeUnknownDocument = "PERSISTED_DOCUMENT_NOT_FOUND"
	codeUntrusted       = "PERSISTED_DOCUMENT_REQUIRED"
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
	{is: as(errNotNoted), code: codeUnavailable, message: "a record file is not shown, because that it was read cannot be noted now; ask again later", logged: true},
	{is: as(errNoCheckpoint), code: codeUnavailable, message: "no checkpoint covers the answer yet; ask again in a moment, or without a receipt"},
	{is: as(projections.ErrUnavailable), code: codeUnavailable, message: "the views cannot be asked now; ask again later", logged: true},
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
	if wrong, ok := errors.AsType[*plan.InputError](err); ok {
		return overhttp.NewError(codeBadInput, wrong.Message)
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

// describeAll describes the errors of an execution.
func (r *reporter) describeAll(errs []*plan.Error, checked *guard.Checked) []overhttp.Error {
	var out []overhttp.Error
	places := map[int]overhttp.Location{} // a field of a list may fail many times
	for _, e := range errs {
		described := r.describe(e.Err)
		described.Path = e.Path
		for _, offset := range e.Offsets {
			place, known := places[offset]
			if !known {
				place = overhttp.Location(checked.Locate(offset))
				places[offset] = place
			}
			described.Locations = append(described.Locations, place)
		}
		out = append(out, described)
	}
	return out
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
