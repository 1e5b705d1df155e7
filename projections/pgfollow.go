package projections

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

const (
	// followEvery is how often the views are looked at though nobody told that
	// they moved.
	followEvery = 500 * time.Millisecond

	// followEvents is how many events are looked at for those who watch; where
	// more came at once, all are woken.
	followEvents = 500
)

// Follow keeps up with another process that advances the views, until ctx ends
// or the views turn out to be of another ledger; it returns the reason. Meanwhile
// Position, WaitFor and Watch tell what the other has done, and what is kept of
// answers is dropped in time. It goes on when PostgreSQL was away.
//
// A file of views cannot be followed.
func (v *Views) Follow(ctx context.Context) error {
	p, shared := v.lie.(*postgres)
	if !shared {
		return errors.New("views in a file are not followed: put them into PostgreSQL")
	}
	defer v.lived.Store(nil)
	defer v.attend()()
	ctx, cancel := context.WithCancel(ctx)
	heard, ended := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(ended)
		p.listen(ctx, heard)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	f := &follower{views: v, postgres: p, conn: newPgConn(p.server)}
	f.conn.attach(ctx)
	defer func() { _ = f.conn.close() }() // it was for reading
	for {
		switch err := f.look(); {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errLost), errors.Is(err, errOtherVersion):
			// The server comes back; another version is built anew.
		case err != nil:
			return err
		}
		select {
		case <-heard:
		case <-time.After(followEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// listen tells of every change that is told on the channel, and of every moment
// at which one may have been missed.
func (p *postgres) listen(ctx context.Context, heard chan<- struct{}) {
	tell := func() {
		select {
		case heard <- struct{}{}:
		default:
		}
	}
	server := &pgServer{p.server.config.Copy(), p.server.name}
	server.config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()}
	}
	server.config.OnNotification = func(*pgconn.PgConn, *pgconn.Notification) { tell() }
	for ctx.Err() == nil {
		c, err := server.connect(ctx)
		if err == nil {
			err = c.Exec(ctx, "LISTEN "+pgChannel).Close()
			for err == nil {
				tell()
				err = c.WaitForNotification(ctx)
			}
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			_ = c.Close(end) // it is of no use any more
			cancel()
		}
		select {
		case <-time.After(followEvery):
		case <-ctx.Done():
		}
	}
}

// follower takes in what another process has done.
type follower struct {
	views    *Views
	postgres *postgres
	conn     *pgConn
	ruled    int64 // the position of the last event of rulebooks
}

func (f *follower) look() error {
	v, p := f.views, f.postgres
	if !v.advance.TryLock() {
		return nil // this process advances them
	}
	defer v.advance.Unlock()
	before, from := p.build, ledger.Position(v.position.Load())
	if err := f.conn.begin(reading); err != nil {
		return err
	}
	defer func() { _ = f.conn.end(false) }()
	s, err := p.standing(f.conn, v.opts.basis())
	if err != nil {
		v.doubt(err)
		return err
	}
	if f.ruled == 0 || s.at != from {
		if err := f.rules(); err != nil {
			return err
		}
	}
	if s.build == before && s.at == from && !v.unfit.Load() {
		return nil
	}
	v.writer = nil
	if s.build != before || v.unfit.Load() || s.at < from {
		p.rebuilt(v, s.build)
	}
	list, clocks, whole := f.events(from, s.at)
	v.answers.change(true)
	if whole {
		v.watches.tell(v, list, from, s.at, clocks, clocks)
	} else {
		v.watches.tellAll(v, s.at)
	}
	v.answers.change(false)
	v.reached(s.at)
	return nil
}

// events are those behind from, as far as somebody watches; whole tells that
// they are all.
func (f *follower) events(from, at ledger.Position) (list []prepared, clocks, whole bool) {
	v := f.views
	moved, err := queryInt(f.conn, "SELECT EXISTS (SELECT 1 FROM obligation_moves WHERE position > ? AND position <= ?)", int64(from), int64(at))
	if err != nil || at < from {
		return nil, true, false
	}
	if !v.watches.wakes() {
		return nil, moved != 0, true
	}
	err = f.conn.query("SELECT "+eventColumns+" FROM events e"+eventJoins+" WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?",
		[]any{int64(from), int64(at), followEvents + 1}, func(s dbRow) error {
			e, err := v.scanEvent(f.conn, s)
			if err != nil {
				return err
			}
			event, err := v.event(e)
			if err != nil {
				return err
			}
			d := ledger.Decoded{Recorded: domain.Recorded{ID: e.ID, Stream: e.Subject.Stream(), Revision: e.Revision, Act: e.act(), Event: event}, Position: e.Position}
			list = append(list, prepared{d, mergeTouches(v.codec.Catalog().Event(e.Kind).Touches(d.Act, event))})
			return nil
		})
	return list, moved != 0, err == nil && len(list) <= followEvents
}

// rules takes in which rulebooks the events shown have adopted.
func (f *follower) rules() error {
	v := f.views
	if v.opts.Books == nil {
		return nil
	}
	kinds := make([]string, len(rulebook.Room.Events))
	for i, e := range rulebook.Room.Events {
		kinds[i] = string(e.Kind)
	}
	of := query.In("word", kinds)
	last, err := queryInt(f.conn, "SELECT coalesce(max(e.position), -1) FROM events e WHERE e.kind IN (SELECT id FROM words WHERE "+of.SQL+")", of.Args...)
	if err != nil || last == f.ruled {
		return err
	}
	lived, err := v.resume(f.conn, &adoptions{books: v.opts.Books})
	if err == nil {
		f.ruled = last
		v.lived.Store(lived)
	}
	return err
}
