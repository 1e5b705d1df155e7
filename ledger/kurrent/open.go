package kurrent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// reachTimeout is how long Open waits for the cluster.
	reachTimeout = 30 * time.Second

	// writeCheck is the stream whose name asks whether we may write. Nothing
	// is ever recorded in it.
	writeCheck = "write-check"

	settingsStream = "$settings"
)

// Open connects to the server and checks that a ledger can live there: that
// the leader is reached and $all can be read, that a stream of ours can be
// written, and that none of them forgets its events. What is missing is in the
// error, with what to do about it. A stream that forgets, or was deleted, is an
// *ledger.IntegrityError. From then on the server is watched.
//
// Open reads the settings of all streams behind CheckedTo; the server has to
// pass over its whole log for that, which may take minutes on a large one.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := newStore(o)
	if err != nil {
		return nil, err
	}
	after, err := s.check(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the ledger on %s: %w", Redact(o.URL), err), s.Close())
	}
	s.background.Go(func() { s.watch(after) })
	s.background.Go(func() { s.sweep(after) })
	return s, nil
}

// check looks at the server and returns the end of its log at that moment.
func (s *Store) check(ctx context.Context) (ledger.Position, error) {
	reach, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	if _, err := s.client(reach); err != nil {
		return ledger.Start, s.explain(err)
	}
	end, err := s.end(reach)
	if err != nil {
		return end, err
	}
	if err := s.checkRights(reach); err != nil {
		return end, err
	}
	s.checkDefaults(reach)
	return end, s.checkStreams(ctx)
}

// end returns the position of the last event of all, ours or not.
func (s *Store) end(ctx context.Context) (ledger.Position, error) {
	c := &lastCursor{Store: s}
	err := c.read(ctx)
	if c.event == nil || err != nil {
		return ledger.Start, err
	}
	return ledger.Position(c.event.Position.Commit), nil
}

// checkRights asks whether streams of ours can be written.
func (s *Store) checkRights(ctx context.Context) error {
	for rest := minRest; ; rest = min(2*rest, maxRest) {
		c, err := s.client(ctx)
		if err != nil {
			return s.explain(err)
		}
		err = s.probe(ctx, c, writeCheck)
		if judge(err) == wrong {
			return nil
		}
		s.doubt(c, err)
		if !s.again(err) || sleep(ctx, rest) != nil {
			return fmt.Errorf("write streams that begin with %s: %w", s.opts.Prefix, s.explain(err))
		}
	}
}

// checkDefaults warns where others than the ledger may write or delete its
// streams. Who may not see the settings is not told.
func (s *Store) checkDefaults(ctx context.Context) {
	if s.conf.DisableTLS {
		s.log.Warn("the connection to KurrentDB has neither TLS nor a user: anybody who reaches the server can change the ledger there")
		return
	}
	c := &lastCursor{Store: s, stream: settingsStream}
	if err := c.read(ctx); err != nil {
		s.log.Info("the default rights of the KurrentDB server cannot be read; see docs/kurrentdb.md for what they must be", "error", err)
		return
	}
	var settings struct {
		Default map[string]json.RawMessage `json:"$userStreamAcl"`
	}
	if c.event != nil && json.Unmarshal(c.event.Data, &settings) != nil {
		settings.Default = nil
	}
	for _, right := range []string{"$w", "$d", "$mw"} {
		if open(settings.Default[right]) {
			s.log.Warn(`every user of the KurrentDB server can write or delete streams: set "$userStreamAcl" in $settings as docs/kurrentdb.md shows`, "right", right)
			return
		}
	}
}

// open reports whether a right is everybody's: one role or a list of them.
func open(right json.RawMessage) bool {
	var one string
	var many []string
	if json.Unmarshal(right, &one) == nil {
		many = []string{one}
	} else if json.Unmarshal(right, &many) != nil {
		return true
	}
	return slices.Contains(many, "$all")
}

// lastCursor reads the last event of a stream, or of $all.
type lastCursor struct {
	*Store
	stream string
	event  *esdb.RecordedEvent
}

func (c *lastCursor) open(ctx context.Context, client *esdb.Client) (receive, error) {
	if c.stream == "" {
		return reading(client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.End{}, Direction: esdb.Backwards}, 1))
	}
	return reading(client.ReadStream(ctx, c.stream, esdb.ReadStreamOptions{From: esdb.End{}, Direction: esdb.Backwards}, 1))
}

func (c *lastCursor) take(i item) (ledger.Stored, step, error) {
	c.event = i.event
	return ledger.Stored{}, stop, nil
}

func (c *lastCursor) end(err error) error {
	if judge(err) == absent {
		return errEnd
	}
	return err
}

func (c *lastCursor) read(ctx context.Context) error {
	var err error
	c.follow(ctx, c, false, func(_ ledger.Stored, e error) bool { err = e; return false })
	return err
}
