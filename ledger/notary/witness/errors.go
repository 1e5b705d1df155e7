package witness

import (
	"errors"
	"fmt"
	"net/http"
)

// Why a checkpoint is not cosigned.
var (
	// ErrMalformed: the request cannot be read.
	ErrMalformed = errors.New("malformed request")
	// ErrUnknownLog: the ledger is not on the list.
	ErrUnknownLog = errors.New("this witness does not know the ledger")
	// ErrUnsigned: no key on the list signed the checkpoint.
	ErrUnsigned = errors.New("the checkpoint is not signed by a key that this witness knows of the ledger")
	// ErrTooOften: the ledger asks more often than it may.
	ErrTooOften = errors.New("too many requests of this ledger")
	// ErrProof: the proof does not lead from the cosigned to the new tree.
	ErrProof = errors.New("the checkpoint is not proved to continue the one cosigned last")
	// ErrFork: the ledger signed two trees of the same size.
	ErrFork = errors.New("the ledger signed two different trees of this size")
	// ErrClosed: the witness is closed.
	ErrClosed = errors.New("the witness is closed")
)

// ConflictError: the ledger believes that another size was cosigned last.
type ConflictError struct {
	// Known is the size cosigned last.
	Known int64
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("the checkpoint cosigned last covers %d events", e.Known)
}

// statusOf is the HTTP status that tells a client of an error.
func statusOf(err error) int {
	if _, ok := errors.AsType[*ConflictError](err); ok {
		return http.StatusConflict
	}
	for _, s := range []struct {
		err    error
		status int
	}{
		{ErrMalformed, http.StatusBadRequest},
		{ErrUnknownLog, http.StatusNotFound},
		{ErrUnsigned, http.StatusForbidden},
		{ErrTooOften, http.StatusTooManyRequests},
		{ErrProof, http.StatusUnprocessableEntity},
		{ErrFork, http.StatusConflict},
		{ErrClosed, http.StatusServiceUnavailable},
	} {
		if errors.Is(err, s.err) {
			return s.status
		}
	}
	return http.StatusInternalServerError
}
