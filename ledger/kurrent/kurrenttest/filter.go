package kurrenttest

import (
	"regexp"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// filter decides which events of $all a caller wants.
type filter struct {
	match    func(*record) bool // nil: all
	interval int                // events looked at between two checkpoints
}

// readBatch is how many events the server reads at a time, and the search
// window of a filter that names none (`Enumerator.DefaultReadBatchSize`).
const readBatch = 32

// newFilter reads a filter; nil options want everything.
func newFilter(o *streams.ReadReq_Options_FilterOptions) (*filter, error) {
	if o == nil {
		return &filter{}, nil
	}
	window := readBatch
	if max := o.GetMax(); max > 0 {
		window = int(max)
	}
	if o.GetCheckpointIntervalMultiplier() == 0 {
		return nil, errInvalid("checkpointIntervalMultiplier must not be 0")
	}
	of, e := func(r *record) string { return r.kind }, o.GetEventType()
	if o.GetStreamIdentifier() != nil {
		of, e = func(r *record) string { return r.stream }, o.GetStreamIdentifier()
	}
	match, err := newMatch(e)
	if err != nil {
		return nil, err
	}
	return &filter{
		match:    func(r *record) bool { return match(of(r)) },
		interval: window * int(o.GetCheckpointIntervalMultiplier()),
	}, nil
}

// newMatch reads the expression of a filter: a regular expression, or
// prefixes of which one must fit.
func newMatch(e *streams.ReadReq_Options_FilterOptions_Expression) (func(string) bool, error) {
	if e.GetRegex() != "" {
		re, err := regexp.Compile(e.GetRegex())
		if err != nil {
			return nil, errInvalid(err.Error())
		}
		return re.MatchString, nil
	}
	prefixes := e.GetPrefix()
	if len(prefixes) == 0 {
		return nil, errInvalid("a filter has a regular expression or prefixes")
	}
	return func(s string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(s, p) {
				return true
			}
		}
		return false
	}, nil
}

// allows tells whether a read shows the record.
func (f *filter) allows(r *record) bool {
	return !r.scavenged.Load() && (f.match == nil || f.match(r))
}
