package projections

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sort"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

const (
	// exportBatch is of how many officers an export reads the events at once.
	exportBatch = 50
	// changedEvents is how many events are looked through for the officers they
	// touch; where more were recorded, every officer is looked at.
	changedEvents = 20_000
)

// RecordsOf says which record files are exported.
type RecordsOf struct {
	// After: only officers whose id comes after this one.
	After domain.OfficerID
	// Since and Through: files that events behind Since may have changed, as
	// of Through. With Through zero there are none.
	Since, Through ledger.Position
	// Recorded: as they stood on the day of this moment, zero for today. What
	// they are folded from is for Through alone to say (RecordedBy): in the
	// order of the ledger nothing is left out, whatever the clock said.
	Recorded time.Time
}

// ExportedRecord is a record file, and with RecordsOf.Since the same file as
// of then; nil when there was none. Both show today, or the day of Recorded;
// who read them, and their heads, are left out.
type ExportedRecord struct {
	File, Before *record.File
}

// ExportRecords yields the record files that the principal may see now, by
// officer id; with Since, those that something was added to. An event that the
// principal may not know of brings a file that says what it said before:
// compare them. The sequence ends after the first error.
func (r *Reader) ExportRecords(ctx context.Context, of RecordsOf) iter.Seq2[ExportedRecord, error] {
	return func(yield func(ExportedRecord, error) bool) {
		if of.Through <= of.Since {
			return
		}
		s, err := r.scoped(ctx)
		if err != nil {
			yield(ExportedRecord{}, err)
			return
		}
		for ids, err := range r.exported(ctx, s, of) {
			var files map[domain.OfficerID][]record.Entry
			if err == nil {
				files, err = r.filesOf(ctx, ids, of.Through)
			}
			if err != nil {
				yield(ExportedRecord{}, err)
				return
			}
			for _, id := range ids {
				x, err := r.exportOne(ctx, s, of, id, files[id])
				if err == nil && x.File == nil {
					continue
				}
				if !yield(x, err) || err != nil {
					return
				}
			}
		}
	}
}

// exportOne folds a file as of both ends of the window from the same entries.
func (r *Reader) exportOne(ctx context.Context, s scope, of RecordsOf, id domain.OfficerID, entries []record.Entry) (x ExportedRecord, err error) {
	before := entries[:sort.Search(len(entries), func(i int) bool { return entries[i].Position > of.Since })]
	if of.Since > 0 && len(before) == len(entries) {
		return x, nil // nothing came
	}
	day := r.dayOf(AsOf{Recorded: of.Recorded})
	x.File, err = r.exportAs(ctx, s, id, entries, day)
	if err == nil && x.File != nil && of.Since > 0 {
		x.Before, err = r.exportAs(ctx, s, id, before, day)
	}
	return x, err
}

// exportAs is the file that the entries make, as far as the reader may know it;
// nil when there was none.
func (r *Reader) exportAs(ctx context.Context, s scope, id domain.OfficerID, entries []record.Entry, day domain.Date) (*record.File, error) {
	file := record.Contents(id, entries, day, r.views.rules().days)
	if file.Status == "" {
		return nil, nil // referred to, but not on file then
	}
	s.redact(&file)
	if s.recuses() {
		if err := r.recuseFrom(ctx, s, &file); err != nil {
			return nil, err
		}
	}
	return &file, nil
}

// exportedEvents reads the events of several officers' files, as recordEvents
// does of one, but for those of who read them.
const exportedEvents = `WITH files (ref) AS (
	SELECT id FROM refs WHERE type = ? AND %s
), streams (file, ref) AS (
	SELECT ref, ref FROM files
	UNION SELECT f.ref, e.subject FROM files f CROSS JOIN touches t CROSS JOIN events e CROSS JOIN refs s
		WHERE t.ref = f.ref AND e.position = t.position AND s.id = e.subject AND s.type IN (?, ?, ?, ?)
)
SELECT ` + eventColumns + `, f.name FROM streams x CROSS JOIN refs f CROSS JOIN refs s CROSS JOIN touches t CROSS JOIN events e
JOIN words k ON k.id = e.kind JOIN refs a ON a.id = e.actor
WHERE f.id = x.file AND s.id = x.ref AND t.ref = x.ref AND t.position <= ? AND e.position = t.position AND e.subject = x.ref`

// filesOf reads the entries of the officers' files up to a position, in the
// order of the ledger.
func (r *Reader) filesOf(ctx context.Context, ids []domain.OfficerID, through ledger.Position) (map[domain.OfficerID][]record.Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	of := query.In("name", ids)
	args := append([]any{officer.Room.Name}, of.Args...)
	for _, room := range FileRooms() {
		args = append(args, room)
	}
	out := make(map[domain.OfficerID][]record.Entry, len(ids))
	err := r.read(ctx, func(c conn) error {
		r.statements.Add(1)
		return c.query(fmt.Sprintf(exportedEvents, of.SQL), append(args, int64(through)), func(st dbRow) error {
			e, _, err := r.entry(c, st, AsOf{})
			if err == nil {
				id := domain.OfficerID(st.ColumnText(eventWidth))
				out[id] = append(out[id], *e)
			}
			return err
		})
	})
	for _, entries := range out {
		slices.SortFunc(entries, func(a, b record.Entry) int { return cmp.Compare(a.Position, b.Position) })
	}
	return out, err
}

// exported yields the ids of the officers to look at, in batches.
func (r *Reader) exported(ctx context.Context, s scope, of RecordsOf) iter.Seq2[[]domain.OfficerID, error] {
	return func(yield func([]domain.OfficerID, error) bool) {
		touched, all, err := r.touchedFiles(ctx, of)
		if err != nil {
			yield(nil, err)
			return
		}
		for last := string(of.After); ; {
			var ids []domain.OfficerID
			where := query.And(query.C("x.id > ?", last), s.recordFile("x"))
			if !all {
				batch := touched[:min(len(touched), exportBatch)]
				touched = touched[len(batch):]
				if len(batch) == 0 {
					return
				}
				where = query.And(where, query.In("x.id", batch))
			}
			err := r.ask(ctx, fmt.Sprintf("SELECT x.id FROM officers x%s ORDER BY x.id LIMIT %d", where.Where(), exportBatch), where.Args,
				func(st dbRow) error {
					ids = append(ids, domain.OfficerID(st.ColumnText(0)))
					return nil
				})
			if !yield(ids, err) || err != nil || all && len(ids) < exportBatch {
				return
			}
			if all {
				last = string(ids[len(ids)-1])
			}
		}
	}
}

// touchedFiles lists the officers after After whose files the events behind
// Since may have changed; all says that it may be anybody's.
func (r *Reader) touchedFiles(ctx context.Context, of RecordsOf) (officers []domain.OfficerID, all bool, err error) {
	if of.Since == 0 {
		return nil, true, nil
	}
	found, matters, n := map[domain.OfficerID]bool{}, map[int64]bool{}, 0
	touch := func(e Event) error {
		touches, err := r.views.touches(e)
		for _, t := range touches {
			if t.Ref.Type == officer.Room.Name && t.Ref.ID > string(of.After) {
				found[domain.OfficerID(t.Ref.ID)] = true
			}
		}
		return err
	}
	rooms := query.In("s.type", append(FileRooms(), officer.Room.Name))
	sql := "SELECT " + eventColumns + ", e.subject FROM events e" + eventJoins + " WHERE e.position > ? AND e.position <= ? AND " + rooms.SQL +
		fmt.Sprintf(" ORDER BY e.position LIMIT %d", changedEvents)
	err = r.eventsOf(ctx, sql, append([]any{int64(of.Since), int64(of.Through)}, rooms.Args...), func(st dbRow, e Event) error {
		n++
		if e.Subject.Type != officer.Room.Name {
			matters[st.ColumnInt64(eventWidth)] = true
		}
		return touch(e)
	})
	if err != nil || n == changedEvents {
		return nil, true, err
	}
	const whole = "SELECT " + eventColumns + " FROM touches t CROSS JOIN events e" + eventJoins +
		" WHERE t.ref = ? AND e.position = t.position AND e.subject = t.ref"
	for ref := range matters { // an event of a matter touches whom any other event of it does
		if err := r.eventsOf(ctx, whole, []any{ref}, func(_ dbRow, e Event) error { return touch(e) }); err != nil {
			return nil, false, err
		}
	}
	for id := range found {
		officers = append(officers, id)
	}
	slices.SortFunc(officers, cmp.Compare[domain.OfficerID])
	return officers, false, nil
}

// RecordedBy returns the last position recorded by the moment, and with it all
// before, though the clock was set back meanwhile; zero when there is none.
func (r *Reader) RecordedBy(ctx context.Context, moment time.Time) (ledger.Position, error) {
	last, err := r.Position(ctx)
	if err != nil || last == 0 {
		return 0, err
	}
	return r.recordedBy(ctx, moment, last)
}

// EndOf returns the last instant of the day, as events have it, in the
// rulebook's calendar.
func (r *Reader) EndOf(d domain.Date) time.Time {
	days, from := r.views.rules().days, d.In(time.UTC).Add(-farthest)
	over := sort.Search(int((24*time.Hour+2*farthest)/time.Microsecond), func(n int) bool {
		return days.Day(from.Add(time.Duration(n) * time.Microsecond)).After(d)
	})
	return from.Add(time.Duration(over-1) * time.Microsecond)
}

// farthest is more than a zone lies from UTC.
const farthest = 15 * time.Hour

// eventsOf runs a query whose first columns are eventColumns, and shows of
// each event everything: for what is not shown to anybody.
func (r *Reader) eventsOf(ctx context.Context, sql string, args []any, each func(dbRow, Event) error) error {
	return r.read(ctx, func(c conn) error {
		r.statements.Add(1)
		return c.query(sql, args, func(st dbRow) error {
			e, err := r.views.scanEvent(c, st)
			if err == nil {
				err = each(st, e)
			}
			return err
		})
	})
}

// touches lists what an event of the views touches.
func (v *Views) touches(e Event) ([]domain.Touch, error) {
	event, err := v.event(e)
	if err != nil {
		return nil, err
	}
	return v.codec.Catalog().Event(e.Kind).Touches(e.act(), event), nil
}
