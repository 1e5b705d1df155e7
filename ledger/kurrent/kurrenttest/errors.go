package kurrenttest

import (
	"errors"
	"fmt"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// exception is an error as the server sends it: a status, and trailers that
// say more (`RpcExceptions`, `Constants.Exceptions`).
type exception struct {
	code     codes.Code
	message  string
	trailers []string // names and values in turn
}

func (e *exception) Error() string { return e.message }

// sent turns an error into what goes over the wire: an exception into its
// status, with its trailers set on the call.
func sent(err error, setTrailer func(metadata.MD)) error {
	var e *exception
	if !errors.As(err, &e) {
		return err
	}
	if len(e.trailers) > 0 {
		setTrailer(metadata.Pairs(e.trailers...))
	}
	return status.Error(e.code, e.message)
}

func errDeleted(stream string) *exception {
	return &exception{codes.FailedPrecondition, fmt.Sprintf("Event stream '%s' is deleted.", stream),
		[]string{"exception", "stream-deleted", "stream-name", stream}}
}

func errAccessDenied() *exception {
	return &exception{codes.PermissionDenied, "Access Denied", []string{"exception", "access-denied"}}
}

func errUnauthenticated() *exception {
	return &exception{codes.Unauthenticated, "Unauthenticated", nil}
}

func errTooLarge(limit int) *exception {
	return &exception{codes.InvalidArgument, fmt.Sprintf("Maximum Append Size of %d Exceeded.", limit),
		[]string{"exception", "maximum-append-size-exceeded", "maximum-append-size", strconv.Itoa(limit)}}
}

func errNotLeader(host string, port int) *exception {
	return &exception{codes.NotFound, "Leader info available", []string{
		"exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", strconv.Itoa(port)}}
}

// errWrongRevision refuses a deletion. An append is refused by its answer.
func errWrongRevision(stream string, expected, actual int64) *exception {
	return &exception{codes.FailedPrecondition,
		fmt.Sprintf("Delete failed due to WrongExpectedVersion. Stream: %s, Expected version: %d, Actual version: %d", stream, expected, actual),
		[]string{"exception", "wrong-expected-version", "stream-name", stream,
			"expected-version", strconv.FormatInt(expected, 10), "actual-version", strconv.FormatInt(actual, 10)}}
}

func errMissing(property string) *exception {
	return &exception{codes.InvalidArgument, fmt.Sprintf("Required Metadata Property '%s' is missing", property),
		[]string{"exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type"}}
}

func errInvalid(what string) *exception { return &exception{codes.InvalidArgument, what, nil} }

func errTimedOut() *exception {
	return &exception{codes.Aborted, "Operation timed out: commit", nil}
}

// errNotReady is what a node says that takes no requests at the moment. The
// real server says the same when it is too busy.
func errNotReady() *exception {
	return &exception{codes.Unavailable, "Server Is Not Ready", nil}
}
