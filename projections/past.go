package projections

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

// includes tells whether the event counts as of the moment.
func (a AsOf) includes(e *Event) bool {
	return (a.Position == 0 || e.Position <= a.Position) && record.AsOf{Recorded: a.Recorded, Occurred: a.Occurred}.Includes(e.act())
}

// today is the day on which the reader answers: an earlier one where it tells
// of an earlier state.
func (r *Reader) today() domain.Date {
	if !r.day.IsZero() {
		return r.day
	}
	return r.views.today()
}

// At returns what the reference points at as it stood at the moment: a *Unit,
// *Post, *Officer and so on, as the reader for the present returns it. It is
// nil when there was none then, or when the principal may not see it.
//
// The state is folded from the object's own events up to the moment, by the
// very fold that keeps the registers, in a database in memory. Who may see
// the object today, and its history, may see it; nothing recorded later has
// a part in what is shown. Whatever the object names, such as its unit, is
// named only.
func (r *Reader) At(ctx context.Context, of domain.Ref, as AsOf) (any, error) {
	for _, past := range pasts[of.Type] {
		if o, err := past(ctx, r, of, as); o != nil || err != nil {
			return o, err
		}
	}
	return nil, nil
}

// pasts are the registers that show earlier states, by the type of what they
// hold. Activities and carriers are of one type.
var pasts = map[string][]func(context.Context, *Reader, domain.Ref, AsOf) (any, error){
	"unit": {pastOf(unitShelf)}, "post": {pastOf(postShelf)}, "officer": {pastOf(officerShelf)},
	"complaint": {pastOf(complaintShelf)}, "misconduct": {pastOf(caseShelf)}, "sanction": {pastOf(sanctionShelf)}, "reward": {pastOf(rewardShelf)},
	"plan": {pastOf(planShelf)}, "traceback": {pastOf(tracebackShelf)}, "enforcement": {pastOf(enforcementShelf)}, "norm": {pastOf(normShelf)},
	"disclosure": {pastOf(disclosureShelf)}, "warning": {pastOf(warningShelf)}, "inspection": {pastOf(inspectionShelf)}, "programme": {pastOf(programmeShelf)},
	"activity": {pastOf(activityShelf), pastOf(carrierShelf)}, "rulebook": {pastOf(rulebookShelf)}, "key": {pastOf(keyShelf)},
}

// pastOf shows the earlier states of what lies on the shelf.
func pastOf[R, T any, I ~string](f shelf[R, T, I]) func(context.Context, *Reader, domain.Ref, AsOf) (any, error) {
	return func(ctx context.Context, r *Reader, of domain.Ref, as AsOf) (any, error) {
		now, err := f.one(ctx, r, I(of.ID))
		if now == nil || err != nil {
			return nil, err
		}
		var out any
		err = r.fromPast(ctx, of, as, func(then *Reader) error {
			rows, err := loadByID(ctx, then, f.table, []I{I(of.ID)}, query.Cond{})
			if err == nil && f.fill != nil {
				err = f.fill(then, ctx, rows)
			}
			if err == nil && len(rows) > 0 {
				shown := f.show(then, &rows[0])
				out = &shown
			}
			return err
		})
		return out, err
	}
}

// fromPast folds the events of the object up to the moment and lets read look
// at the registers as they would have been with these events alone.
func (r *Reader) fromPast(ctx context.Context, of domain.Ref, as AsOf, read func(then *Reader) error) error {
	events, err := r.historyOf(ctx, of, as)
	if err != nil || len(events) == 0 {
		return err
	}
	day, err := r.dayAt(ctx, as)
	if err != nil {
		return err
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return err
	}
	return r.views.scratch.use(ctx, func(c conn) (err error) {
		if err := c.begin(scratch); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.end(false)) }()
		if err := r.views.refold(c, events); err != nil {
			return fmt.Errorf("fold %s as of an earlier moment: %w", of, err)
		}
		return read(&Reader{views: r.views, who: r.who, limits: s.limits, held: c, day: day})
	})
}

// historyOf returns the object's own events that count as of the moment, and
// those of the rulebooks by which they are folded, in the order of the
// ledger. It returns none where the principal may not see that history.
func (r *Reader) historyOf(ctx context.Context, of domain.Ref, as AsOf) ([]Event, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	may := s.subject("z", query.Cond{})
	n, err := r.askInt(ctx, "SELECT count(*) FROM (SELECT ? AS type, ? AS name) z"+may.Where(), append([]any{of.Type, of.ID}, may.Args...))
	if err != nil || n == 0 {
		return nil, err
	}
	var out []Event
	own := 0
	err = r.read(ctx, func(c conn) error {
		r.statements.Add(1)
		return c.query(historySQL, []any{of.ID, of.Type, rulebook.Room.Name, of.ID, of.Type}, func(st dbRow) error {
			e, err := r.views.scanEvent(c, st)
			if err != nil || !as.includes(&e) {
				return err
			}
			if e.Subject == of {
				own++
			}
			out = append(out, e)
			return nil
		})
	})
	if own == 0 {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Event) int { return cmp.Compare(a.Position, b.Position) })
	return out, err
}

// historySQL reads the events of one stream, and those of all rulebooks.
const historySQL = "WITH own (ref) AS (SELECT id FROM refs WHERE name = ? AND type = ? UNION SELECT id FROM refs WHERE type = ? AND NOT (name = ? AND type = ?))" +
	" SELECT " + eventColumns + " FROM own o CROSS JOIN touches t CROSS JOIN events e" + eventJoins + " WHERE t.ref = o.ref AND e.position = t.position AND e.subject = o.ref"

// refold folds the events into the empty registers of c, each by the
// rulebooks adopted before it.
func (v *Views) refold(c conn, events []Event) error {
	g, a := newRegisters(c, v.only, nil), adoptions{books: v.opts.Books}
	for _, e := range events {
		event, err := v.event(e)
		if err != nil {
			return err
		}
		d := ledger.Decoded{Recorded: domain.Recorded{ID: e.ID, Stream: e.Subject.Stream(), Revision: e.Revision, Act: e.act(), Event: event}, Position: e.Position, Data: e.Data}
		if err := g.fold(&d); err != nil {
			return err
		}
		changed, err := a.learn(d.Recorded)
		if err != nil {
			return err
		}
		if changed != nil {
			g.setRules(changed)
		}
	}
	return errors.Join(g.flush(), g.findings.settle(c))
}

// dayAt is the day that a state as of the moment shows.
func (r *Reader) dayAt(ctx context.Context, as AsOf) (domain.Date, error) {
	if as.Position == 0 || !as.Occurred.IsZero() || !as.Recorded.IsZero() {
		return r.dayOf(as), nil
	}
	recorded, err := r.askInt(ctx, "SELECT recorded FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1", []any{int64(as.Position)})
	return r.views.rules().days.Day(time.UnixMicro(recorded)), err
}

// openScratch makes an empty database in memory with the tables of the views.
func openScratch() (conn, error) {
	c, err := sqlite3.Open(":memory:")
	if err != nil {
		return nil, fmt.Errorf("open a database in memory: %w", err)
	}
	out := &sqliteConn{c, map[string]*sqlite3.Stmt{}}
	if err := c.Exec("PRAGMA trusted_schema = OFF;" + schemaSQL() + ";" + coreIndexes); err != nil {
		return nil, errors.Join(fmt.Errorf("make a database in memory: %w", err), out.close())
	}
	return out, nil
}
