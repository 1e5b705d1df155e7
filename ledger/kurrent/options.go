package kurrent

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/probity-ledger/probity/ledger"
)

// DefaultPrefix begins the name of every stream of a ledger.
const DefaultPrefix = "probity-"

// The bounds that hold where Options say nothing.
const (
	// DefaultMaxAppendBytes is what the server's MaxAppendSize is when nobody
	// has set it.
	DefaultMaxAppendBytes = 1 << 20

	defaultTime = 10 * time.Second
	maxPrefix   = 64

	// overhead is what the most entries take beside their envelopes.
	overhead = ledger.MaxAppend * eventOverhead
)

// Options tell where the ledger lies and how to come to it.
type Options struct {
	// URL is the connection string: esdb://HOST[:PORT][,HOST…][?SETTING=VALUE…],
	// esdb+discover://NAME for nodes behind one DNS name, or the same with
	// kurrentdb. The settings are those of docs/kurrentdb.md.
	URL string
	// Credentials name where a line user:password is found, "file:PATH" or
	// "env:NAME", so that it need not stand in the URL. Empty: those of the URL.
	Credentials string
	// Prefix begins the name of every stream of this ledger, DefaultPrefix
	// when empty. Nobody else on the cluster may use names that begin with it.
	Prefix string
	// MaxAppendBytes bounds the bytes of one append as the server counts them,
	// DefaultMaxAppendBytes when 0. It must not exceed the server's
	// MaxAppendSize; what is larger is refused with ledger.ErrTooLarge. No
	// server takes the largest append that ledger.Store allows; see
	// [Store.MaxAppendBytes].
	MaxAppendBytes int
	// Deadline bounds each append, Patience how long a read waits without
	// coming further, for instance while a leader is elected; 10 s when 0.
	Deadline, Patience time.Duration
	// SweepEvery is how often what was recorded since is read once more, so
	// that events of others in our streams are found soon; 10 s when 0.
	SweepEvery time.Duration
	// CheckedTo is a position up to which an earlier Open has looked at the
	// settings of the streams; Start looks at them all.
	CheckedTo ledger.Position
	// Logger takes what an operator must know, slog.Default when nil. No
	// password gets there.
	Logger *slog.Logger
}

// String returns the options without the password in the URL.
func (o Options) String() string {
	return fmt.Sprintf("{URL:%s Credentials:%s Prefix:%s}", Redact(o.URL), o.Credentials, o.Prefix)
}

// GoString is String, for %#v.
func (o Options) GoString() string { return o.String() }

// LogValue is String, for slog.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// complete fills in what was left out.
func (o Options) complete() (Options, error) {
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	if o.MaxAppendBytes == 0 {
		o.MaxAppendBytes = DefaultMaxAppendBytes
	}
	if o.Deadline == 0 {
		o.Deadline = defaultTime
	}
	if o.Patience == 0 {
		o.Patience = defaultTime
	}
	if o.SweepEvery == 0 {
		o.SweepEvery = defaultTime
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	switch {
	case o.Deadline < 0 || o.Patience < 0 || o.SweepEvery < 0:
		return o, errors.New("kurrent: Deadline, Patience and SweepEvery must be positive")
	case o.MaxAppendBytes < ledger.MinAppendBytes+overhead:
		return o, fmt.Errorf("kurrent: MaxAppendBytes is %d; a ledger needs %d, and so must the server's MaxAppendSize be", o.MaxAppendBytes, ledger.MinAppendBytes+overhead)
	case len(o.Prefix) > maxPrefix || !utf8.ValidString(o.Prefix) || strings.ContainsFunc(o.Prefix, unicode.IsControl):
		return o, fmt.Errorf("kurrent: the prefix %q must be printable and at most %d bytes long", o.Prefix, maxPrefix)
	case strings.HasPrefix(o.Prefix, "$"):
		return o, fmt.Errorf("kurrent: the prefix %q begins with $, which belongs to the server; choose a letter", o.Prefix)
	}
	return o, nil
}
