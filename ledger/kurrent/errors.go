package kurrent

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/probity-ledger/probity/ledger"
)

// verdict is what an error of the client means for a call.
type verdict int

const (
	// uncertain: the call may or may not have reached its end.
	uncertain verdict = iota
	// unsent: the call never left.
	unsent
	// elsewhere: the node is not the leader and did nothing.
	elsewhere
	// cutShort: the server ended an append before it was whole, and the
	// client lost the reason.
	cutShort
	// wrong: the stream is not at the expected revision.
	wrong
	// tooLarge, malformed: the server refused what it was sent.
	tooLarge
	malformed
	// denied, anonymous: the user may not, or is not known.
	denied
	anonymous
	// absent: there is no such stream.
	absent
	// deleted: the stream was deleted for good.
	deleted
	// unable: the server does not know the call.
	unable
)

var (
	// errRetired: the connection was given up before the call left.
	errRetired = errors.New("the connection was given up")

	// errPanic: the client panicked, as it does on answers it does not know.
	errPanic = errors.New("the client of the server panicked")
)

// judge says what an error of the client means. The client wraps some errors
// and not others, has codes for some and calls the others unknown; what the
// server said lies beneath.
func judge(err error) verdict {
	switch {
	case errors.Is(err, errRetired):
		return unsent
	case errors.Is(err, io.EOF):
		return cutShort
	}
	if e, ok := errors.AsType[*esdb.Error](err); ok {
		switch e.Code() {
		case esdb.ErrorCodeNotLeader:
			return elsewhere
		case esdb.ErrorCodeWrongExpectedVersion:
			return wrong
		case esdb.ErrorCodeStreamDeleted:
			return deleted
		case esdb.ErrorCodeAccessDenied:
			return denied
		case esdb.ErrorCodeUnauthenticated:
			return anonymous
		case esdb.ErrorCodeResourceNotFound:
			return absent
		case esdb.ErrorCodeUnsupportedFeature:
			return unable
		case esdb.ErrorCodeConnectionClosed:
			return unsent
		}
	}
	switch status.Code(err) {
	case codes.FailedPrecondition:
		return wrong
	case codes.InvalidArgument:
		if strings.Contains(err.Error(), "Append Size") {
			return tooLarge
		}
		return malformed
	case codes.ResourceExhausted:
		return tooLarge
	case codes.PermissionDenied:
		return denied
	case codes.Unauthenticated:
		return anonymous
	case codes.Unimplemented:
		return unable
	}
	return uncertain
}

// passing reports whether trying again may help.
func (v verdict) passing() bool { return v <= cutShort }

// explain adds to an error that is final what to do about it.
func (s *Store) explain(err error) error {
	user, role := "user: "+s.conf.Username, s.conf.Username
	if role == "" {
		user, role = "the connection names no user", "USER"
	}
	switch judge(err) {
	case denied:
		return fmt.Errorf(`the server denies access (%s): set the metadata of the stream $all to {"$acl":{"$r":["$admins",%q]}}, and let %s read and write streams that begin with %s: %w`,
			user, role, role, s.opts.Prefix, err)
	case anonymous:
		return fmt.Errorf("the server does not accept user and password (%s): set Credentials: %w", user, err)
	case unable:
		return fmt.Errorf("the server does not know this call; EventStoreDB 23.10 or KurrentDB is needed: %w", err)
	}
	return err
}

// unknown is the outcome of an append that was sent and not answered, or
// could not be sent in time. The cause is not wrapped: that its context ended
// must not look as if nothing had been recorded.
func unknown(stream string, cause error) error {
	return fmt.Errorf("append to %s: %w: %v", stream, ledger.ErrUnknownOutcome, cause)
}
