package projections

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

// recordEvents reads the events of an officer's file: those of the officer's
// own stream, of who read the file, and every event of the complaints, cases, sanctions and
// rewards that touch the officer, by their streams. CROSS JOIN keeps the
// order in which it is written: from the officer outwards.
const recordEvents = `WITH file (ref) AS (
	SELECT id FROM refs WHERE name = ? AND type = ?
), streams (ref) AS (
	SELECT ref FROM file
	UNION SELECT id FROM refs WHERE name = ? AND type = ?
	UNION SELECT e.subject FROM file f CROSS JOIN touches t CROSS JOIN events e CROSS JOIN refs s
		WHERE t.ref = f.ref AND e.position = t.position AND s.id = e.subject AND s.type IN (?, ?, ?, ?)
)
SELECT ` + eventColumns + `, x.ref, s.type FROM streams x CROSS JOIN touches t CROSS JOIN events e` + eventJoins + `
WHERE t.ref = x.ref AND e.position = t.position AND e.subject = x.ref`

// laterReadings reads the events of who read an officer's file, after a
// position and up to another.
const laterReadings = "SELECT " + eventColumns + " FROM refs x CROSS JOIN touches t CROSS JOIN events e" + eventJoins +
	" WHERE x.name = ? AND x.type = ? AND t.ref = x.id AND t.position > ? AND t.position <= ? AND e.position = t.position AND e.subject = x.id ORDER BY e.position"

// RecordFile folds the officer's record file as of the moment; nil when
// there is no such officer to be seen, or was none then. Sanctions and
// restrictions are in force on the day of AsOf.Occurred, else of
// AsOf.Recorded, else today.
func (r *Reader) RecordFile(ctx context.Context, id domain.OfficerID, as AsOf) (*record.File, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	if may, err := r.mayReadFile(ctx, s, id); err != nil || !may {
		return nil, err
	}
	return r.fold(ctx, s, id, as, true)
}

// MayReadFile tells whether the principal may read the officer's record file;
// false where there is no such officer.
func (r *Reader) MayReadFile(ctx context.Context, id domain.OfficerID) (bool, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return false, err
	}
	return r.mayReadFile(ctx, s, id)
}

func (r *Reader) mayReadFile(ctx context.Context, s scope, id domain.OfficerID) (bool, error) {
	may := query.And(query.C("x.id = ?", string(id)), s.recordFile("x"))
	n, err := r.askInt(ctx, "SELECT count(*) FROM officers x"+may.Where(), may.Args)
	return n > 0, err
}

// fold returns the file of an officer who may be seen, as far as the reader
// may know it; keep says that it may be asked for again.
func (r *Reader) fold(ctx context.Context, s scope, id domain.OfficerID, as AsOf, keep bool) (*record.File, error) {
	day, err := r.dayAt(ctx, as)
	if err != nil {
		return nil, err
	}
	return r.foldOn(ctx, s, id, as, day, keep)
}

// foldOn is fold for a day of its own.
func (r *Reader) foldOn(ctx context.Context, s scope, id domain.OfficerID, as AsOf, day domain.Date, keep bool) (*record.File, error) {
	var whole *folded
	err := r.read(ctx, func(c conn) (err error) {
		if keep {
			whole, err = r.cachedFile(c, id, as, day)
		} else {
			whole, err = r.foldFile(c, id, as, day)
		}
		return err
	})
	if err != nil || whole == nil {
		return nil, err
	}
	file := whole.copy()
	s.redact(&file)
	if s.recuses() {
		if err := r.recuseFrom(ctx, s, &file); err != nil {
			return nil, err
		}
	}
	if s.is(domain.RoleHR, domain.RoleOfficer) || s.recuses() {
		file.Head = record.HeadOf(s.shown(&file, whole))
	}
	return &file, nil
}

// cachedFile returns the folded file, kept from an earlier time if no event
// has touched its streams since. The caller keeps the file of views in place.
func (r *Reader) cachedFile(c conn, id domain.OfficerID, as AsOf, day domain.Date) (*folded, error) {
	v := r.views
	if v.blind() || as.Position > 0 {
		return r.foldFile(c, id, as, day) // another process may put another file in place
	}
	key := newFileKey(id, as, day)
	if kept := v.files.get(key); kept != nil {
		now, err := r.newestTouch(c, kept)
		switch {
		case err != nil || now == kept.newest:
			return kept, err
		case now.event == kept.newest.event && now.reading > kept.newest.reading:
			more, err := r.readAgain(c, kept, as, now.reading)
			if err != nil {
				return nil, err
			}
			return more, v.files.add(key, more)
		}
	}
	shown := ledger.Position(v.position.Load()) // what the fold shows at least
	fresh, err := r.foldFile(c, id, as, day)
	if err != nil || fresh == nil {
		return nil, err
	}
	if fresh.newest, err = r.newestTouch(c, fresh); err != nil {
		return nil, err
	}
	if max(fresh.newest.event, fresh.newest.reading) > shown {
		return fresh, nil // perhaps recorded after it was folded
	}
	return fresh, v.files.add(key, fresh)
}

func (r *Reader) newestTouch(c conn, f *folded) (newest, error) {
	args := []any{f.streams, string(f.file.Officer), access.Room.Name}
	return recall(r, newestTouch, args, func(newest) int { return 0 }, func() (out newest, err error) {
		r.statements.Add(1)
		err = c.query(newestTouch, args, func(st dbRow) error {
			out = newest{ledger.Position(st.ColumnInt64(0)), ledger.Position(st.ColumnInt64(1))}
			return nil
		})
		return out, err
	})
}

// readAgain makes of a kept file the one with the readings noted since, up to
// that at the position. The kept one stays as it is.
func (r *Reader) readAgain(c conn, kept *folded, as AsOf, upTo ledger.Position) (*folded, error) {
	r.statements.Add(1)
	out := *kept
	out.newest.reading = upTo
	var entries []record.Entry
	args := []any{string(kept.file.Officer), access.Room.Name, int64(kept.newest.reading), int64(upTo)}
	err := c.query(laterReadings, args, func(st dbRow) error {
		entry, size, err := r.entry(c, st, as)
		if err == nil && entry != nil {
			entries, out.bytes = append(entries, *entry), out.bytes+size
		}
		return err
	})
	if err != nil || len(entries) == 0 {
		return &out, err
	}
	out.entries = slices.Clip(out.entries)
	for _, e := range entries {
		out.entries = append(out.entries, headEntryOf(e))
	}
	heads := make([]record.Entry, len(out.entries))
	for i, e := range out.entries {
		heads[i] = record.Entry{Position: e.position, Recorded: domain.Recorded{ID: e.id}}
	}
	out.file = record.ReadAgain(kept.file, entries, record.HeadOf(heads))
	return &out, nil
}

// foldFile folds the whole file; nil when there is none.
func (r *Reader) foldFile(c conn, id domain.OfficerID, as AsOf, day domain.Date) (*folded, error) {
	r.statements.Add(1)
	args := []any{string(id), officer.Room.Name, string(id), access.Room.Name}
	for _, room := range FileRooms() {
		args = append(args, room)
	}
	var entries []record.Entry
	out, streams := &folded{}, map[int64]bool{}
	err := c.query(recordEvents, args, func(st dbRow) error {
		e, size, err := r.entry(c, st, as)
		if err != nil {
			return err
		}
		if st.ColumnText(eventWidth+1) != access.Room.Name {
			streams[st.ColumnInt64(eventWidth)] = true
		}
		if e != nil {
			entries, out.bytes = append(entries, *e), out.bytes+size
		}
		return nil
	})
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b record.Entry) int { return cmp.Compare(a.Position, b.Position) })
	out.file = record.Fold(id, entries, day, r.views.rules().days)
	if out.file.Status == "" {
		return nil, nil // referred to, but not on file then
	}
	out.streams = listNumbers(streams)
	out.entries = make([]headEntry, len(entries))
	for i, e := range entries {
		out.entries[i] = headEntryOf(e)
	}
	return out, nil
}

// entry reads an event of a file, and tells about how large it is; nil when it
// does not belong in the file as of the moment.
func (r *Reader) entry(c conn, st dbRow, as AsOf) (*record.Entry, int, error) {
	e, err := r.views.scanEvent(c, st)
	if err != nil {
		return nil, 0, err
	}
	entry := &record.Entry{Position: e.Position, Recorded: domain.Recorded{ID: e.ID, Stream: e.Subject.Stream(), Revision: e.Revision, Act: e.act()}}
	if !as.includes(&e) {
		return nil, 0, nil
	}
	entry.Event, err = r.views.event(e)
	return entry, len(e.Data) + entryBytes, err
}

func (r *Reader) dayOf(as AsOf) domain.Date {
	switch {
	case !as.Occurred.IsZero():
		return r.views.rules().days.Day(as.Occurred)
	case !as.Recorded.IsZero():
		return r.views.rules().days.Day(as.Recorded)
	}
	return r.views.today()
}

// act is the event's act, as it was recorded.
func (e Event) act() domain.Act {
	return domain.Act{Subject: e.Subject.ID, Actor: e.Actor, Role: e.Role, OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt,
		Rulebook: e.Rulebook, Cause: e.Cause, Correlation: e.Correlation, Source: e.Source}
}

// event decodes the data of an event of the views.
func (v *Views) event(e Event) (domain.Event, error) {
	t := v.codec.Catalog().Event(e.Kind)
	if t == nil {
		return nil, fmt.Errorf("event %s is of the unknown kind %q", e.ID, e.Kind)
	}
	ptr := t.New()
	if err := json.Unmarshal(e.Data, ptr, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", e.ID, err)
	}
	return t.Value(ptr), nil
}
