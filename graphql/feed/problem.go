package feed

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// The codes are those of GraphQL.
const (
	codeBadInput    = "BAD_USER_INPUT"
	codeForbidden   = "FORBIDDEN"
	codeBudget      = "BUDGET_EXCEEDED"
	codeUnavailable = "UNAVAILABLE"
	codeBehind      = "VIEWS_BEHIND"
	codeIntegrity   = "INTEGRITY_FAILURE"
	codeTimeout     = "TIMEOUT"
	codeInternal    = "INTERNAL"
)

// problem is an error with what a client is told of it.
type problem struct {
	status               int
	code, field, message string
	denied               string // the reason in the log of denials
	retryAfter           int    // seconds
}

func (p *problem) Error() string { return p.message }

// badInput says of a parameter what is wrong with it.
func badInput(field, wrong string) *problem {
	return &problem{status: http.StatusBadRequest, code: codeBadInput, field: field, message: field + " " + wrong}
}

// unnoted: that files were read could not be noted, and they are not shown.
type unnoted struct{ error }

func (u *unnoted) Unwrap() error { return u.error }

// describe says of an error what a client may know, and whether it belongs in
// the log.
func describe(err error) (p *problem, logged bool) {
	if p, ok := errors.AsType[*problem](err); ok {
		return p, false
	}
	if refusal, ok := errors.AsType[*domain.Refusal](err); ok {
		return &problem{status: http.StatusBadRequest, code: codeBadInput, field: refusal.Field, message: refusal.Message}, false
	}
	if exceeded, ok := errors.AsType[*budget.Exceeded](err); ok {
		return &problem{status: http.StatusTooManyRequests, code: codeBudget, message: err.Error(), retryAfter: int(exceeded.RetryAfter.Seconds())}, false
	}
	if _, ok := errors.AsType[*unnoted](err); ok {
		return &problem{status: http.StatusServiceUnavailable, code: codeUnavailable, retryAfter: 30,
			message: "record files are not shown, because that they were read cannot be noted now; ask again later"}, true
	}
	if _, ok := errors.AsType[*ledger.IntegrityError](err); ok {
		return &problem{status: http.StatusInternalServerError, code: codeIntegrity, message: "the ledger is not what it must be"}, true
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &problem{status: http.StatusServiceUnavailable, code: codeTimeout, message: "the request took too long; ask for fewer records at a time (limit)", retryAfter: 5}, false
	case errors.Is(err, projections.ErrUnavailable):
		return &problem{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "record files cannot be read now: they are being prepared, or their database is away; ask again later", retryAfter: 30}, true
	case errors.Is(err, ledger.ErrClosed):
		return &problem{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "the ledger is closing; ask again later", retryAfter: 30}, false
	}
	return &problem{status: http.StatusInternalServerError, code: codeInternal, message: "internal error"}, true
}

// fail answers with an error in the shape of a GraphQL response.
func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	p, logged := describe(err)
	if logged {
		h.Log.Error("the HR feed cannot answer", "err", err)
	}
	if p.denied != "" {
		denial.Note(r.Context(), denial.Denial{Reason: p.denied})
	}
	head := w.Header()
	if p.retryAfter > 0 {
		head.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	head.Set("Content-Type", "application/json; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	w.WriteHeader(p.status)
	type extensions struct {
		Code  string `json:"code"`
		Field string `json:"field,omitempty"`
	}
	type told struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	// An error here is a client that went away.
	_ = json.NewEncoder(w).Encode(map[string][]told{"errors": {{p.message, extensions{p.code, p.field}}}})
}
